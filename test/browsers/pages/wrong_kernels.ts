/// <reference types="vite/client" />
/** What a page is told whose kernels are missing or something else, and that it runs on. */
import { configure, layers, runtime } from "recurra";
import baseline from "recurra/wasm/baseline.wasm?url";
import { outcome } from "./outcome";
import { told } from "./told";

outcome(async () => {
  configure({ build: "baseline" });
  const gru = layers.gru({ units: 3 });
  const before = String(gru.apply([[[0.5]]]));
  const bytes = new Uint8Array(await (await fetch(baseline)).arrayBuffer());
  const address = (content: BlobPart) => URL.createObjectURL(new Blob([content], { type: "application/wasm" }));
  const wrong = {
    missing: "none.wasm",
    unreachable: "http://127.0.0.1:1/baseline.wasm",
    page: "outside.html",
    cut: address(bytes.subarray(0, bytes.length - 100)),
    another: address(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
    bytes: bytes.subarray(1),
  };
  const all: Record<string, string> = {};
  for (const [name, wasm] of Object.entries(wrong)) all[name] = await told(() => configure({ wasm }));
  return { ...all, isAsBefore: runtime().build === "baseline" && String(gru.apply([[[0.5]]])) === before };
});

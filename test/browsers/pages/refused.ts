/// <reference types="vite/client" />
/** What a page is told that WebAssembly is forbidden or missing for, whatever it calls first. */
import { configure, layers, runtime } from "recurra";
import baseline from "recurra/wasm/baseline.wasm?url";
import { outcome } from "./outcome";
import { told } from "./told";

outcome(async () => {
  const apply = () => layers.lstm({ units: 2 }).apply([[[0.5]]]);
  const first = [await told(apply), await told(runtime)];
  configure({ build: "baseline" });
  const bytes = await (await fetch(baseline)).arrayBuffer();
  // Some engines compile what they then do not instantiate.
  const outside = (wasm: ArrayBuffer | string) => async () => {
    await configure({ wasm });
    apply();
  };
  return [...first, await told(apply), await told(outside(baseline)), await told(outside(bytes))];
});

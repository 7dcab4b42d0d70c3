/// <reference types="vite/client" />
/** Kernels that come as a file of the package, in this thread and in a pool, against those in the JavaScript. */
import { configure, createPool, layers, runtime, sequential, Tensor } from "recurra";
import baseline from "recurra/wasm/baseline.wasm?url";
import { outcome } from "./outcome";
import { different, noise } from "./signal";

outcome(async () => {
  configure({ build: "baseline" });
  const model = sequential({ layers: [layers.gru({ units: 24, inputShape: [null, 8] })] });
  const x = new Tensor([96, 12, 8], "float32", noise(96 * 12 * 8, 2, 1));
  const wanted = model.predict(x).data as Float32Array;
  const address = new URL(baseline, document.baseURI);
  const bytes = await (await fetch(address)).arrayBuffer();
  const type = (await fetch("kernels.bin")).headers.get("content-type");
  const counts = [];
  for (const wasm of [baseline, address, "kernels.bin", bytes, await WebAssembly.compile(bytes)]) {
    configure({ build: "baseline" });
    await configure({ wasm });
    if (runtime().build !== "custom") throw new Error(`expected the kernels given, got ${runtime().build}`);
    counts.push(different(model.predict(x).data as Float32Array, wanted));
  }
  const pool = await createPool(model, { threads: 2 });
  counts.push(different((await pool.predict(x)).data as Float32Array, wanted));
  await pool.close();
  return { type, counts };
});

/** A pool of two workers against the page's own thread. */
import { configure, createPool, layers, sequential, Tensor } from "recurra";
import { outcome } from "./outcome";
import { different, noise } from "./signal";

outcome(async () => {
  configure({ build: "baseline" });
  const model = sequential({
    layers: [layers.inputLayer({ shape: [null, 8] }), layers.gru({ units: 24, returnSequences: true })],
  });
  const x = new Tensor([96, 12, 8], "float32", noise(96 * 12 * 8, 2, 1));
  const pool = await createPool(model, { threads: 2 });
  const got = await pool.predict(x);
  const { threads } = pool;
  await pool.close();
  return { threads, different: different(got.data as Float32Array, model.predict(x).data as Float32Array) };
});

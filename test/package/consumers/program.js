/** What every consumer runs: layers called at once, a model file opened on demand, and a pool of workers. */
import { configure, createPool, layers, loadModel, runtime, sequential, tensor } from "recurra";
import { lstm, tensor as sameTensor } from "recurra/layers";

/**
 * @param {string} file The model, as an address in a page and as a path elsewhere.
 * @param {URL | undefined} worker The script of a pool's workers, for bundlers that do not bring it along.
 * @param {string | URL | undefined} wasm The kernels' file, where they are kept outside.
 */
export async function program(file, worker, wasm) {
  if (wasm) await configure({ wasm });
  else configure({ build: "baseline" });
  const ones = { kernelInitializer: "ones", recurrentInitializer: "ones" };
  const eager = lstm({ units: 3, ...ones }).apply([
    [
      [0.1, 0.2],
      [0.3, 0.4],
    ],
  ]);
  const built = sequential({ layers: [layers.gru({ units: 2, inputShape: [null, 1], ...ones })] });
  const loaded = await loadModel(file);
  const x = tensor(
    Float32Array.from({ length: 2 * 8 * 8 }, (_, k) => Math.sin(k)),
    [2, 8, 8],
  );
  const predicted = loaded.predict(x);
  const pool = await createPool(loaded, { threads: 2, worker });
  const pooled = await pool.predict(x);
  await pool.close();
  return {
    build: runtime().build,
    same: lstm === layers.lstm && tensor === sameTensor,
    eager: [...eager.data],
    built: [...built.predict([[[0.5], [0.25]]]).data],
    predicted: [...predicted.data],
    pooled: [...pooled.data],
  };
}

/** A stream in a worker of the page's own, against `predict` here. */
import { configure, loadModel, Tensor } from "recurra";
import { outcome } from "./outcome";
import { different, noise } from "./signal";

const MODEL = "files/root/test/fixtures/models/sequential_gru.keras";

outcome(async () => {
  configure({ build: "baseline" });
  const model = await loadModel(MODEL);
  const [, timesteps = 0, features = 0] = model.inputs[0]?.shape?.map(Number) ?? [];
  const frames = noise(timesteps * features, 1, 3);
  const worker = new Worker(new URL("./stream_worker.ts", import.meta.url), { type: "module" });
  const streamed = await new Promise<Float32Array>((resolve, reject) => {
    worker.onmessage = ({ data }) => (data instanceof Float32Array ? resolve(data) : reject(new Error(data)));
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage({
      model: new URL(MODEL, document.baseURI).href,
      frames,
    });
  });
  worker.terminate();
  const y = model.predict(new Tensor([1, timesteps, features], "float32", frames)) as Tensor;
  return { length: streamed.length, different: different(streamed, y.data as Float32Array) };
});

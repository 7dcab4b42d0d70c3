/** Loads a model and steps it over all frames; answers with the last output, or with what went wrong. */
import { configure, loadModel } from "recurra";

addEventListener("message", async ({ data }: MessageEvent<{ model: string; frames: Float32Array }>) => {
  const { model: address, frames } = data;
  try {
    configure({ build: "baseline" });
    const stream = (await loadModel(address)).createStream();
    const features = stream.input.length;
    for (let at = 0; at < frames.length; at += features) {
      stream.input.set(frames.subarray(at, at + features));
      stream.step();
    }
    postMessage(stream.output.slice());
  } catch (error) {
    postMessage(String(error));
  }
});

/** Loads the model once and steps it over the rows that come. */
import { loadModel } from "recurra";

addEventListener("message", async ({ data: { model, image } }) => {
  try {
    const stream = (await loadModel(model)).createStream();
    for (const [k, row] of image.entries()) {
      const scores = stream.step(Float32Array.from(row));
      postMessage({ rows: k + 1, digit: scores.indexOf(Math.max(...scores)) });
    }
  } catch (error) {
    postMessage({ error: String(error) });
  }
});

/** TensorFlow.js on its backend in plain JavaScript. */

import "@tensorflow/tfjs-backend-cpu";
import { load as loadLayers, tf } from "./tfjs.mjs";

export async function load(workload) {
  await tf.setBackend("cpu");
  return loadLayers(workload);
}

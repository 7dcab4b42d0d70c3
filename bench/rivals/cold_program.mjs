/** What an application for L1 has of the library: no layer but the LSTM. esbuild makes one file of it. */

import { lstm, sequential, tensor } from "../../dist/layers.js";

export { lstm, runtime, sequential, tensor } from "../../dist/layers.js";

export async function load({ layers: [{ units, weights }], input, inputShape }) {
  const model = sequential({ layers: [lstm({ units })] });
  model.build([null, null, inputShape[2]]);
  model.layers[0].setWeights(weights.map(({ shape, data }) => tensor(data, shape)));
  return { run: () => model.predict(tensor(input, inputShape)).data };
}

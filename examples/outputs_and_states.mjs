/** What a recurrent layer gives, with and without `returnSequences` and `returnState`. */
import { layers, tensor } from "recurra";

/** One sample, four timesteps, five features. */
const x = tensor([
  [
    [0.1, 4.2, 1.5, 1.1, 2.8],
    [1.0, 3.1, 2.5, 0.7, 1.1],
    [0.3, 2.1, 1.5, 2.1, 0.1],
    [2.2, 1.4, 0.5, 0.9, 1.1],
  ],
]);
const show = (name, results) => {
  const list = Array.isArray(results) ? results : [results];
  console.log(name);
  for (const y of list)
    console.log(
      " ",
      JSON.stringify(y.toArray(), (_, v) => (v.toFixed ? +v.toFixed(7) : v)),
    );
  return list;
};

export const simple = {
  last: show("SimpleRNN", layers.simpleRNN({ units: 3 }).apply(x)),
  sequences: show("returnSequences", layers.simpleRNN({ units: 3, returnSequences: true }).apply(x)),
  state: show("returnState", layers.simpleRNN({ units: 3, returnState: true }).apply(x)),
  both: show("both", layers.simpleRNN({ units: 3, returnSequences: true, returnState: true }).apply(x)),
};

/** An LSTM has two states: the output, which is the hidden state h, then h and c. */
export const [output, hidden, carried] = show("LSTM", layers.lstm({ units: 3, returnState: true }).apply(x));

/** Two directions: the output, then h and c forwards, then h and c backwards. */
const constant = (value) => ({ class_name: "Constant", config: { value } });
const options = { units: 3, returnState: true, kernelInitializer: constant(0.1), recurrentInitializer: constant(0.1) };
export const lastOfBoth = show("Bidirectional LSTM", layers.bidirectional({ layer: layers.lstm(options) }).apply(x));
export const allOfBoth = show(
  "Bidirectional LSTM, returnSequences",
  layers.bidirectional({ layer: layers.lstm({ ...options, returnSequences: true }) }).apply(x),
);

/** A SimpleRNN has one state a direction. */
export const simpleBoth = [false, true].map((returnSequences) => {
  const layer = layers.simpleRNN({ units: 3, returnState: true, returnSequences });
  return show(`Bidirectional SimpleRNN, returnSequences ${returnSequences}`, layers.bidirectional({ layer }).apply(x));
});

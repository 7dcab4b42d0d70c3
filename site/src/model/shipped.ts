/** Models that come with the page. */

import { input, layers, model, type Tensor } from "recurra";
import digits from "../../../examples/digits/digits_lstm.keras?url";
import rhymes from "../../models/rhymes/rhymes_gru.keras?url";
import tones from "../../models/tones/tones_gru.keras?url";
import { type Opened, openAddress, reportOf } from "./open";
import { digitSample, rhymeSample, toneSample } from "./samples";

export interface Shipped {
  readonly name: string;
  readonly about: string;
  readonly open: () => Promise<Opened>;
}

export const ADDRESSES = { digits, rhymes, tones };

export const SHIPPED: readonly Shipped[] = [
  {
    name: "Digits",
    about: "LSTM 48 · reads 8 rows of pixels",
    open: () => sampled("digits_lstm.keras", digits, digitSample()),
  },
  {
    name: "Rhymes",
    about: "GRU 112 · expects the next letter",
    open: () => sampled("rhymes_gru.keras", rhymes, rhymeSample()),
  },
  {
    name: "Tones",
    about: "GRU 32 · hears telephone keys",
    open: () => sampled("tones_gru.keras", tones, toneSample()),
  },
  { name: "Translator", about: "encoder–decoder, drawn by the layer API", open: async () => encoderDecoder() },
];

async function sampled(title: string, address: string, sample: Tensor): Promise<Opened> {
  return { ...(await openAddress(title, address)), sample };
}

/** Two LSTMs, the second of which begins in the states of the first, and attention; untrained. */
function encoderDecoder(): Opened {
  const start = performance.now();
  const source = input({ shape: [null, 24], name: "source" });
  const target = input({ shape: [null, 24], name: "target" });
  const encoder = layers.lstm({ units: 32, returnState: true, returnSequences: true, name: "encoder" });
  const [read, h, c] = encoder.apply(source);
  const decoder = layers.lstm({ units: 32, returnSequences: true, name: "decoder" });
  const written = decoder.apply(target, { initialState: [h, c] });
  const looked = layers.attention({ name: "look_back" }).apply([written, read]);
  const both = layers.concatenate({ name: "both" }).apply([written, looked]);
  const words = layers.dense({ units: 24, activation: "softmax", name: "word" }).apply(both);
  const made = model({ inputs: [source, target], outputs: words, name: "translator" });
  return { title: "translator", model: made, seconds: (performance.now() - start) / 1000, report: reportOf(made) };
}

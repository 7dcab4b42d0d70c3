/** The network as a stream of letters. */

import { type layers, type Model, model, type Stream, type SymbolicTensor } from "recurra";
import { seeded } from "../numbers";

/** A letter with what the network was when it had read it. */
export interface Written {
  readonly letter: string;
  /** The hidden state, one number a unit. */
  readonly state: Float32Array;
  /** It was given, not written. */
  readonly given: boolean;
}

export class Writer {
  private readonly stream: Stream;
  private random: () => number = seeded(1);
  readonly units: number;

  constructor(
    net: Model,
    readonly letters: string,
  ) {
    // The same layers, which also tell the states of the GRU.
    const gru = net.layers.find(({ className }) => className === "GRU") as layers.GRU;
    const hidden = net.outputs[0]?.node.inputs[0] as SymbolicTensor;
    this.stream = model({
      inputs: [...net.inputs],
      outputs: [net.outputs[0] as SymbolicTensor, hidden],
    }).createStream();
    this.units = gru.cell.outputSize;
  }

  begin(seed: number): void {
    this.stream.reset();
    this.random = seeded(seed);
  }

  /** Reads one letter; a letter it does not know is read as a space. */
  read(letter: string, given: boolean): Written {
    const id = this.letters.indexOf(letter);
    this.stream.step([id < 0 ? this.letters.indexOf(" ") : id]);
    return { letter, state: Float32Array.from(this.stream.outputs[1] as Float32Array), given };
  }

  /** What may come next, likeliest first: softmax(logits / temperature). */
  expected(temperature: number): { letter: string; share: number }[] {
    const logits = this.stream.outputs[0] as Float32Array;
    const top = Math.max(...logits);
    const weights = Array.from(logits, (logit) => Math.exp((logit - top) / temperature));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const shares = weights.map((weight, k) => ({ letter: this.letters[k] as string, share: weight / sum }));
    return shares.sort((a, b) => b.share - a.share);
  }

  /** Draws the next letter. */
  next(temperature: number): string {
    let left = this.random();
    for (const { letter, share } of this.expected(temperature)) {
      left -= share;
      if (left <= 0) return letter;
    }
    return " ";
  }
}

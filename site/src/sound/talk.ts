/** What page and audio thread say to each other. */

import type { ModelParts } from "recurra";

/** Samples a second that the networks were trained on. */
export const RATE = 16000;
/** Samples in a frame of the tone model: 16 ms. */
export const FRAME = 256;
/** The keys in the order of the model's outputs; the last output is none of them. */
export const KEYS = "123A456B789C*0#D";
/** Hertz of the rows and columns of the keys (ITU-T Q.23). */
export const ROWS = [697, 770, 852, 941];
export const COLUMNS = [1209, 1336, 1477, 1633];

export interface Setup {
  readonly parts: ModelParts;
}

export interface ToWorklet {
  /** Send frames for the speech detector too. */
  readonly speech: boolean;
}

export interface Heard {
  readonly kind: "heard";
  readonly keys: Float32Array;
  readonly state: Float32Array;
  readonly level: number;
}

export type FromWorklet =
  | Heard
  | { readonly kind: "ready"; readonly seconds: number }
  | { readonly kind: "speech"; readonly samples: Float32Array };

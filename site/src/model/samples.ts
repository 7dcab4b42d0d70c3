/** What the shipped models were made for: a digit, the beginning of a rhyme, keys of a telephone. */

import { type Tensor, tensor } from "recurra";
import heldOut from "../../../examples/digits/held_out.json";
import vocabulary from "../../models/rhymes/vocabulary.json";
import { COLUMNS, FRAME, KEYS, RATE, ROWS } from "../sound/talk";

const LEVELS = "0123456789abcdefg";

/** The pixels 0..16 of one of the 360 images that the model never saw. */
export const imageOf = (k: number): number[] =>
  [...(heldOut.pixels[k] as string)].map((letter) => LEVELS.indexOf(letter));

export const digitSample = (): Tensor => tensor(Float32Array.from(imageOf(4)), [1, 8, 8]);

export function rhymeSample(): Tensor {
  const ids = Int32Array.from("Twinkle, twinkle, little star,\nHow I wonder what you are!", (letter) =>
    vocabulary.characters.indexOf(letter),
  );
  return tensor(ids, [1, ids.length]);
}

/** Four keys of 8 frames with as much silence between. */
export function toneSample(): Tensor {
  const frames = 64;
  const sound = Float32Array.from({ length: frames * FRAME }, (_, k) => {
    const turn = Math.floor(k / FRAME / 8);
    if (turn % 2 === 0) return 0;
    const key = KEYS.indexOf("1590"[turn >> 1] as string);
    const angle = (frequency: number) => (2 * Math.PI * frequency * k) / RATE;
    return 0.1 * (Math.sin(angle(ROWS[key >> 2] as number)) + Math.sin(angle(COLUMNS[key & 3] as number)));
  });
  return tensor(sound, [1, frames, FRAME]);
}

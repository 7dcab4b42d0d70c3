/** The words of the descriptor that a sequence kernel reads; the same numbers as assembly/kernels/sequence.ts. */

export const PASS = {
  x: 0,
  xStep: 1,
  xRow: 2,
  y: 3,
  yStep: 4,
  yRow: 5,
  timesteps: 6,
  batch: 7,
  inputDim: 8,
  units: 9,
  weights: 10,
  bias: 11,
  h: 12,
  c: 13,
  mask: 14,
  maskStep: 15,
  maskRow: 16,
  zeroOutput: 17,
  scratch: 18,
  resetAfter: 19,
  activation: 20,
  recurrentActivation: 23,
  hiddenActivation: 26,
  table: 29,
  team: 30,
} as const;

/** How many words a descriptor has. */
export const PASS_WORDS = 31;

/** Floats in a row of a state: units rounded up to whole blocks of 8. */
export function lanesOf(units: number): number {
  return (units + 7) & ~7;
}

/** What the float64 twins of the recurrent layers share: the walk through time of Keras' `rnn`. */

/** A sequence and the weights in Keras' order; every array is in C order. */
export interface Recurrence {
  readonly batch: number;
  readonly timesteps: number;
  readonly inputDim: number;
  readonly units: number;
  /** [batch][timesteps][inputDim] */
  readonly x: ArrayLike<number>;
  /** [inputDim][gates·units], [units][gates·units] */
  readonly kernel: ArrayLike<number>;
  readonly recurrentKernel: ArrayLike<number>;
  /** [gates·units], or [2][3·units] of a GRU with reset after; absent without bias. */
  readonly bias?: ArrayLike<number> | undefined;
  /** [batch][units] each: h, or h and c. */
  readonly states: readonly ArrayLike<number>[];
  /** [batch][timesteps] */
  readonly mask?: ArrayLike<number> | undefined;
  readonly zeroOutput?: boolean | undefined;
  readonly backwards?: boolean | undefined;
  readonly activation?: Scalar | undefined;
  readonly recurrentActivation?: Scalar | undefined;
  readonly resetAfter?: boolean | undefined;
}

export type Scalar = (x: number) => number;

/** One timestep of one row: new states, the first of which is the output. */
export type Cell = (x: number[], states: number[][]) => number[][];

export interface Outcome {
  /** [batch][timesteps][units], timesteps in processing order. */
  readonly y: number[];
  /** [batch][units] each. */
  readonly states: number[][];
}

export const sigmoid: Scalar = (x) => 1 / (1 + Math.exp(-x));

const row = (values: ArrayLike<number>, at: number, width: number) =>
  Array.from({ length: width }, (_, k) => values[at * width + k] as number);

/** Masked timesteps carry the states and repeat the output before them, zeros at first (keras/src/backend, `rnn`). */
export function walk(sequence: Recurrence, cell: Cell): Outcome {
  const { batch, timesteps, inputDim, units } = sequence;
  const y: number[] = [];
  const finals = sequence.states.map(() => [] as number[]);
  for (let b = 0; b < batch; b++) {
    let states = sequence.states.map((state) => row(state, b, units));
    let output = new Array<number>(units).fill(0);
    for (let step = 0; step < timesteps; step++) {
      const t = b * timesteps + (sequence.backwards ? timesteps - 1 - step : step);
      const real = sequence.mask === undefined || sequence.mask[t] !== 0;
      if (real) {
        states = cell(row(sequence.x, t, inputDim), states);
        output = states[0] as number[];
      }
      y.push(...(real || !sequence.zeroOutput ? output : output.map(() => 0)));
    }
    states.forEach((state, s) => {
      finals[s]?.push(...state);
    });
  }
  return { y, states: finals };
}

/** Σ_k values[k]·matrix[k][column] of a matrix with that many columns. */
export function dot(values: readonly number[], matrix: ArrayLike<number>, columns: number, column: number): number {
  return values.reduce((sum, value, k) => sum + value * (matrix[k * columns + column] as number), 0);
}

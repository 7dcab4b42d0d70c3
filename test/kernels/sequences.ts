/** The three recurrent kernels behind one face, with weights in Keras' order and a twin, for every test of them. */

import { floatBits } from "../../src/ops/float_bits";
import { ACTIVATION, type ActivationName } from "../../src/wasm/activation_codes";
import { lanesOf, PASS, PASS_WORDS } from "../../src/wasm/sequence";
import { activationReference } from "../reference/activations";
import { gruReference } from "../reference/gru";
import { lstmReference } from "../reference/lstm";
import type { Outcome, Recurrence, Scalar } from "../reference/recurrent";
import { simpleRnnReference } from "../reference/simple_rnn";
import { random } from "../support";
import { KernelModule, type TILINGS } from "./module";

export type Build = (typeof TILINGS)[number];

export interface Kind {
  readonly gates: number;
  readonly states: number;
  /** Blocks of `units` in Keras' bias, and where each goes in the packed one; several in one place add up. */
  readonly biasSlots: readonly number[];
  readonly resetAfter?: boolean;
  readonly twin: (sequence: Recurrence) => Outcome;
}

export const KINDS: Readonly<Record<string, Kind>> = {
  SimpleRNN: { gates: 1, states: 1, biasSlots: [0], twin: simpleRnnReference },
  LSTM: { gates: 4, states: 2, biasSlots: [0, 1, 2, 3], twin: lstmReference },
  "GRU, reset after": {
    gates: 3,
    states: 1,
    biasSlots: [0, 1, 2, 0, 1, 3],
    resetAfter: true,
    twin: gruReference,
  },
  "GRU, reset before": {
    gates: 3,
    states: 1,
    biasSlots: [0, 1, 2],
    resetAfter: false,
    twin: gruReference,
  },
};

export type Sizes = Pick<Recurrence, "batch" | "timesteps" | "inputDim" | "units">;

/** A sequence of seeded numbers. */
export function makeSequence(kind: Kind, sizes: Sizes, seed = 1, options: Partial<Recurrence> = {}): Recurrence {
  const { batch, timesteps, inputDim, units } = sizes;
  const next = random(seed);
  const numbers = (count: number, scale: number) => Float32Array.from({ length: count }, () => scale * next());
  return {
    ...sizes,
    kernel: numbers(inputDim * kind.gates * units, 1 / Math.sqrt(inputDim + 1)),
    recurrentKernel: numbers(units * kind.gates * units, 1 / Math.sqrt(units)),
    bias: numbers(kind.biasSlots.length * units, 0.5),
    states: Array.from({ length: kind.states }, () => numbers(batch * units, 1)),
    x: numbers(batch * timesteps * inputDim, 2),
    resetAfter: kind.resetAfter,
    ...options,
  };
}

export interface Layout {
  /** Floats between output rows of a timestep and the first column used; default: units and 0. */
  readonly width?: number;
  readonly column?: number;
  /** Only the last output. */
  readonly last?: boolean;
  /** Put outputs at the place of their timestep instead of in processing order. */
  readonly inPlace?: boolean;
  readonly activation?: readonly [ActivationName, number, number];
  readonly recurrentActivation?: readonly [ActivationName, number, number];
}

/** Runs the kernel. y is [batch][timesteps or 1][width]; every padded lane of a state starts as NaN. */
export function runSequence(build: Build, kind: Kind, sequence: Recurrence, layout: Layout = {}): Outcome {
  const { batch, timesteps, inputDim, units } = sequence;
  const { width = units, column = 0, last = false, inPlace = false } = layout;
  const module = new KernelModule(build, 128);
  const lanes = lanesOf(units);
  const panel = 8 * (inputDim + units);
  const weights = module.block((lanes / 8) * kind.gates * panel);
  const columns = kind.gates * units;
  const [kernel, recurrent] = [module.floats(sequence.kernel), module.floats(sequence.recurrentKernel)];
  for (let gate = 0; gate < kind.gates; gate++) {
    const to = weights + 4 * gate * panel;
    module.call("packPanels", kernel + 4 * gate * units, columns, inputDim, units, to, kind.gates * panel);
    module.call(
      "packPanels",
      recurrent + 4 * gate * units,
      columns,
      units,
      units,
      to + 32 * inputDim,
      kind.gates * panel,
    );
  }
  const states = sequence.states.map((state) => {
    const padded = new Float32Array(batch * lanes).fill(Number.NaN);
    for (let at = 0; at < batch * units; at++) {
      padded[Math.floor(at / units) * lanes + (at % units)] = state[at] as number;
    }
    return module.floats(padded);
  });
  const steps = last ? 1 : timesteps;
  const y = module.floats(new Float32Array(batch * steps * width));
  const [first, sign] = sequence.backwards ? [timesteps - 1, -1] : [0, 1];
  const mirrored = inPlace && sequence.backwards && !last;
  const words = new Int32Array(PASS_WORDS);
  const put = (word: number, ...values: number[]) => {
    words.set(values, word);
  };
  put(PASS.x, module.floats(sequence.x) + 4 * first * inputDim, sign * inputDim, timesteps * inputDim);
  put(PASS.y, y + 4 * (column + (mirrored ? first * width : 0)), last ? 0 : (mirrored ? -1 : 1) * width, steps * width);
  put(PASS.timesteps, timesteps, batch, inputDim, units);
  put(PASS.weights, weights, module.floats(packBias(kind, sequence)), states[0] as number, states[1] ?? 0);
  const mask = sequence.mask === undefined ? 0 : module.floats(sequence.mask) + 4 * first;
  put(PASS.mask, mask, sign, timesteps, sequence.zeroOutput ? 1 : 0);
  put(PASS.scratch, module.block(module.call("sequenceScratch", kind.gates, batch, inputDim, units) / 4));
  put(PASS.resetAfter, kind.resetAfter ? 1 : 0);
  const activation = words3(layout.activation ?? ["tanh", 0, 0]);
  put(PASS.activation, ...activation, ...words3(layout.recurrentActivation ?? ["sigmoid", 0, 0]), ...activation);
  module.call("sequence", module.ints(words), kind.gates);
  const finals = states.map((state) => {
    const padded = module.readFloats(state, batch * lanes);
    return [...padded].filter((_, at) => at % lanes < units);
  });
  return { y: [...module.readFloats(y, batch * steps * width)], states: finals };
}

function words3([name, alpha, beta]: readonly [ActivationName, number, number]): number[] {
  return [ACTIVATION[name], floatBits(alpha), floatBits(beta)];
}

/** The scalar function of an activation and its parameters, for the twin. */
export function scalar([name, alpha, beta]: readonly [ActivationName, number, number]): Scalar {
  return (x) => activationReference[name](x, alpha, beta, 0);
}

/** [block of 8][slot][8], sums of Keras' blocks that share a slot. */
function packBias(kind: Kind, { units, bias }: Recurrence): Float32Array {
  const slots = kind.gates === 3 ? 4 : kind.gates;
  const packed = new Float32Array((lanesOf(units) / 8) * slots * 8);
  kind.biasSlots.forEach((slot, block) => {
    for (let unit = 0; unit < units && bias !== undefined; unit++) {
      const at = ((unit >> 3) * slots + slot) * 8 + (unit & 7);
      packed[at] = (packed[at] as number) + (bias[block * units + unit] as number);
    }
  });
  return packed;
}

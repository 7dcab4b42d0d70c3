/** Activations by their Keras names. */

import { ConfigError, show } from "../errors";
import { ACTIVATION } from "../wasm/activation_codes";

/** What a kernel needs to know of an activation. */
export interface Activation {
  /** The Keras name. */
  readonly name: string;
  /** Element by element, or over rows (the last axis). */
  readonly over: "elements" | "rows";
  readonly code: number;
  readonly alpha: number;
  readonly beta: number;
}

/** Those that look at a whole row; `code` numbers them for src/ops. */
export const ROW_ACTIVATION = { softmax: 0, log_softmax: 1, sparsemax: 2, glu: 3 } as const;

/** Parameters that Keras' defaults give an activation called by name. */
const PARAMETERS: Readonly<Record<string, readonly [alpha: number, beta: number]>> = {
  leaky_relu: [0.2, 0],
  elu: [1, 0],
  celu: [1, 0],
  soft_shrink: [0.5, 0],
  hard_shrink: [0.5, 0],
  squareplus: [4, 0],
  hard_sigmoid_keras2: [0.2, 0.5],
};

/** Keras name → kernel's name, where they differ. */
const KERNEL_NAME: Readonly<Record<string, string>> = {
  swish: "silu",
  hard_swish: "hard_silu",
  hard_sigmoid_keras2: "clipped_affine",
};

const NAMES = [
  ..."linear tanh sigmoid relu relu6 leaky_relu elu selu celu gelu silu swish hard_silu hard_swish".split(" "),
  ..."hard_sigmoid hard_sigmoid_keras2 log_sigmoid hard_tanh tanh_shrink soft_shrink hard_shrink".split(" "),
  ..."softplus softsign exponential mish squareplus sparse_plus sparse_sigmoid".split(" "),
  ...Object.keys(ROW_ACTIVATION),
];

/**
 * An activation by its Keras 3 name; null means linear. `hard_sigmoid_keras2` is the one of Keras 2.
 * @throws {ConfigError} for a name that Keras does not know.
 */
export function resolveActivation(where: string, name: unknown): Activation {
  const known = name === null || name === undefined ? "linear" : name;
  if (typeof known !== "string" || !NAMES.includes(known)) {
    throw new ConfigError(where, `one of ${NAMES.join(", ")}`, show(name));
  }
  const [alpha, beta] = PARAMETERS[known] ?? [0, 0];
  if (known in ROW_ACTIVATION) {
    return { name: known, over: "rows", code: ROW_ACTIVATION[known as keyof typeof ROW_ACTIVATION], alpha, beta };
  }
  const code = ACTIVATION[(KERNEL_NAME[known] ?? known) as keyof typeof ACTIVATION];
  return { name: known, over: "elements", code, alpha, beta };
}

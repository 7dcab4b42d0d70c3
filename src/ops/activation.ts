/** Activations by their Keras names. */

import { ConfigError, show } from "../errors";
import { ACTIVATION } from "../wasm/activation_codes";
import { emitSlice } from "./copy";
import { emitBroadcast } from "./elementwise";
import type { Plan } from "./plan";
import type { Slab } from "./slab";

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

/** Those that look at a whole row. */
const OVER_ROWS = ["softmax", "log_softmax", "sparsemax", "glu"];

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
  ...OVER_ROWS,
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
  if (OVER_ROWS.includes(known)) return { name: known, over: "rows", code: 0, alpha, beta };
  const code = ACTIVATION[(KERNEL_NAME[known] ?? known) as keyof typeof ACTIVATION];
  return { name: known, over: "elements", code, alpha, beta };
}

/** The activation of a slab, as a new slab. */
export function emitActivation(plan: Plan, activation: Activation, x: Slab): Slab {
  const { kernels } = plan.engine;
  const { code, alpha, beta } = activation;
  if (activation.over === "elements") {
    const y = plan.slab(x.shape);
    plan.step([x, y], () => kernels.activateSlab(x.ptr, y.ptr, x.size, code, alpha, beta, 0));
    return y;
  }
  if (activation.name === "glu") return emitGlu(plan, x);
  const y = plan.slab(x.shape);
  const run = { softmax: kernels.softmax, log_softmax: kernels.logSoftmax, sparsemax: kernels.sparsemax }[
    activation.name
  ];
  plan.step([x, y], () => run?.(x.ptr, y.ptr, x.rows, x.dim(-1)));
  return y;
}

/** The first half of each row times the sigmoid of the second. */
function emitGlu(plan: Plan, x: Slab): Slab {
  const width = x.dim(-1) / 2;
  const half = (start: number) => {
    const from = x.shape.map((_, axis) => (axis === x.shape.length - 1 ? start : 0));
    return emitSlice(plan, x, from, [...x.shape.slice(0, -1), width]);
  };
  return emitBroadcast(plan, "multiply", [
    half(0),
    emitActivation(plan, resolveActivation("glu", "sigmoid"), half(width)),
  ]);
}

/** The activations of recurrent operators, by ONNX's names. */

import type { Activation } from "../../ops/activation";
import { ACTIVATION, type ActivationName } from "../../wasm/activation_codes";
import type { NodeCall } from "../node_call";

/** Kernel's name, and the defaults of alpha and beta where it has them. */
const KNOWN: Readonly<Record<string, readonly [code: ActivationName, alpha?: number, beta?: number]>> = {
  relu: ["relu"],
  tanh: ["tanh"],
  sigmoid: ["sigmoid"],
  affine: ["affine", 1, 0],
  leakyrelu: ["leaky_relu", 0.01],
  thresholdedrelu: ["threshold", 1],
  scaledtanh: ["scaled_tanh", 1, 1],
  hardsigmoid: ["clipped_affine", 0.2, 0.5],
  elu: ["elu", 1],
  softsign: ["softsign"],
  softplus: ["softplus"],
};

/**
 * All activations of a node, direction after direction. The lists of alpha and beta are used up in this order by those
 * that have such a parameter.
 */
export function activationsOf(call: NodeCall, defaults: readonly string[], directions: number): Activation[] {
  const names = call.texts("activations") ?? Array.from({ length: directions }, () => defaults).flat();
  if (names.length !== directions * defaults.length) {
    call.refuse(`${directions * defaults.length} activations`, String(names.length));
  }
  const alphas = call.ints("activation_alpha") ?? [];
  const betas = call.ints("activation_beta") ?? [];
  return names.map((name) => {
    const known = KNOWN[name.toLowerCase()];
    if (!known) return call.refuse(`activations ${Object.keys(KNOWN).join(", ")}`, name);
    const [code, alpha, beta] = known;
    return {
      name,
      over: "elements",
      code: ACTIVATION[code],
      alpha: alpha === undefined ? 0 : (alphas.shift() ?? alpha),
      beta: beta === undefined ? 0 : (betas.shift() ?? beta),
    };
  });
}

/** The descriptor of `elementwise`, as assembly/README.md lays it out. */

import { ELEMENTWISE } from "../../src/wasm/op_codes";

const AXES = 6;

/** An address and the steps from it, one an axis. */
export interface Route {
  readonly at: number;
  readonly steps: readonly number[];
}

/** Axes that are not needed come first, with one element. */
function leading(values: readonly number[], value: number): number[] {
  return [...new Array<number>(AXES - values.length).fill(value), ...values];
}

export function elementwiseWords(
  op: keyof typeof ELEMENTWISE,
  counts: readonly number[],
  y: Route,
  operands: readonly Route[],
): number[] {
  const unused = new Array<Route>(3 - operands.length).fill({ at: 0, steps: [] });
  const routes = [y, ...operands, ...unused];
  const steps = routes.flatMap((route) => leading(route.steps, 0));
  return [ELEMENTWISE[op], ...routes.map((route) => route.at), ...leading(counts, 1), ...steps];
}

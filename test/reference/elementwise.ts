/** Float64 twin of `elementwise`: the same walk, one index after the other. */

import type { ELEMENTWISE } from "../../src/wasm/op_codes";

/** A slab and how it is walked. */
export interface Walk {
  readonly values: ArrayLike<number>;
  readonly start?: number;
  readonly steps: readonly number[];
}

const both = (test: boolean) => (test ? 1 : 0);
const isTrue = (x: number) => x !== 0;

const operations: Record<keyof typeof ELEMENTWISE, (a: number, b: number, c: number) => number> = {
  copy: (a) => a,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  power: (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b), // IEEE 754, not ECMAScript
  equal: (a, b) => both(a === b),
  notEqual: (a, b) => both(a !== b),
  less: (a, b) => both(a < b),
  lessEqual: (a, b) => both(a <= b),
  greater: (a, b) => both(a > b),
  greaterEqual: (a, b) => both(a >= b),
  logicalAnd: (a, b) => both(isTrue(a) && isTrue(b)),
  logicalOr: (a, b) => both(isTrue(a) || isTrue(b)),
  prelu: (a, b) => (a < 0 ? a * b : a),
  select: (a, b, c) => (isTrue(a) ? b : c),
};

/** Writes into y.values. */
export function elementwiseReference(
  op: keyof typeof ELEMENTWISE,
  counts: readonly number[],
  y: Walk & { readonly values: Float64Array },
  operands: readonly Walk[],
): void {
  const visit = (axis: number, at: readonly number[]) => {
    if (axis === counts.length) {
      const [a = 0, b = 0, c = 0] = operands.map((walk, k) => walk.values[at[k + 1] as number] as number);
      y.values[at[0] as number] = operations[op](a, b, c);
      return;
    }
    const steps = [y, ...operands].map((walk) => walk.steps[axis] as number);
    for (let k = 0; k < (counts[axis] as number); k++)
      visit(
        axis + 1,
        at.map((offset, walk) => offset + k * (steps[walk] as number)),
      );
  };
  visit(
    0,
    [y, ...operands].map((walk) => walk.start ?? 0),
  );
}

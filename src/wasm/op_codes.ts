/** Codes of the element-wise and reducing kernels, the same numbers as in assembly/simd/op_codes.ts. */

/** Operations of `elementwise` on a, b and c. Comparisons give 1 or 0; a number is true when it is not 0. */
export const ELEMENTWISE = {
  copy: 0,
  add: 1,
  subtract: 2,
  multiply: 3,
  divide: 4,
  maximum: 5,
  minimum: 6,
  power: 7,
  equal: 8,
  notEqual: 9,
  less: 10,
  lessEqual: 11,
  greater: 12,
  greaterEqual: 13,
  logicalAnd: 14,
  logicalOr: 15,
  prelu: 16,
  select: 17,
} as const;

/** Operations of `reduce`. */
export const REDUCTION = {
  sum: 0,
  mean: 1,
  maximum: 2,
  minimum: 3,
  product: 4,
  any: 5,
  all: 6,
} as const;

/** What `slideWindow` makes of the cells of a window. */
export const WINDOW = {
  max: 0,
  mean: 1,
  weighted: 2,
} as const;

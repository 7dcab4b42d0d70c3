/** Codes of the element-wise and reducing operations; src/wasm/op_codes.ts holds the same numbers. */

/** Operations of `elementwise` on a, b and c. Comparisons give 1 or 0; a number is true when it is not 0. */
export const enum Elementwise {
  /** a, bit by bit, so that int32 slabs pass too */
  COPY = 0,
  ADD = 1,
  SUBTRACT = 2,
  MULTIPLY = 3,
  DIVIDE = 4,
  /** NaN when either is */
  MAXIMUM = 5,
  /** NaN when either is */
  MINIMUM = 6,
  POWER = 7,
  EQUAL = 8,
  NOT_EQUAL = 9,
  LESS = 10,
  LESS_EQUAL = 11,
  GREATER = 12,
  GREATER_EQUAL = 13,
  LOGICAL_AND = 14,
  LOGICAL_OR = 15,
  /** a, or b·a below 0 */
  PRELU = 16,
  /** b where a is not 0, else c, bit by bit */
  SELECT = 17,
}

export const enum Reduction {
  SUM = 0,
  MEAN = 1,
  /** NaN when any is */
  MAXIMUM = 2,
  /** NaN when any is */
  MINIMUM = 3,
  PRODUCT = 4,
  ANY = 5,
  ALL = 6,
}

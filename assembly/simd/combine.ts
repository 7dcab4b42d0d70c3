/** Any element-wise operation of two or three vectors by its code. Not inlined: one copy serves every kernel. */
import { Elementwise } from "./op_codes";

export function combine(op: i32, a: v128, b: v128, c: v128): v128 {
  switch (op) {
    case Elementwise.ADD: return f32x4.add(a, b);
    case Elementwise.SUBTRACT: return f32x4.sub(a, b);
    case Elementwise.MULTIPLY: return f32x4.mul(a, b);
    case Elementwise.DIVIDE: return f32x4.div(a, b);
    case Elementwise.MAXIMUM: return f32x4.max(a, b);
    case Elementwise.MINIMUM: return f32x4.min(a, b);
    case Elementwise.POWER: return power(a, b);
    case Elementwise.EQUAL: return truth(f32x4.eq(a, b));
    case Elementwise.NOT_EQUAL: return truth(f32x4.ne(a, b));
    case Elementwise.LESS: return truth(f32x4.lt(a, b));
    case Elementwise.LESS_EQUAL: return truth(f32x4.le(a, b));
    case Elementwise.GREATER: return truth(f32x4.gt(a, b));
    case Elementwise.GREATER_EQUAL: return truth(f32x4.ge(a, b));
    case Elementwise.LOGICAL_AND: return truth(v128.and(isTrue(a), isTrue(b)));
    case Elementwise.LOGICAL_OR: return truth(v128.or(isTrue(a), isTrue(b)));
    case Elementwise.PRELU: return v128.bitselect(f32x4.mul(a, b), a, f32x4.lt(a, f32x4.splat(0)));
    case Elementwise.SELECT: return v128.bitselect(b, c, isTrue(a));
    default: return a;
  }
}

/** A mask as 1 and 0. */
// @ts-ignore: decorator
@inline
export function truth(mask: v128): v128 {
  return v128.and(mask, f32x4.splat(1));
}

/** A mask of the lanes that are not 0; NaN is true. */
// @ts-ignore: decorator
@inline
export function isTrue(x: v128): v128 {
  return f32x4.ne(x, f32x4.splat(0));
}

/** aᵇ, lane by lane in double precision: within 1 ULP, special cases as in IEEE 754 `pow`. */
function power(a: v128, b: v128): v128 {
  let y = f32x4.splat(powerOf(f32x4.extract_lane(a, 0), f32x4.extract_lane(b, 0)));
  y = f32x4.replace_lane(y, 1, powerOf(f32x4.extract_lane(a, 1), f32x4.extract_lane(b, 1)));
  y = f32x4.replace_lane(y, 2, powerOf(f32x4.extract_lane(a, 2), f32x4.extract_lane(b, 2)));
  return f32x4.replace_lane(y, 3, powerOf(f32x4.extract_lane(a, 3), f32x4.extract_lane(b, 3)));
}

/** The standard library follows ECMAScript, where powers of 1 and −1 may be NaN. */
function powerOf(a: f32, b: f32): f32 {
  return a == 1 || (a == -1 && abs(b) == Infinity) ? 1 : NativeMathf.pow(a, b);
}

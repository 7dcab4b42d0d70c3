/**
 * Slabs of one type into the other.
 *
 *   toFloat  y[i] = x[i] rounded to the nearest float32
 *   toInt    y[i] = x[i] without its fraction; NaN becomes 0, what is too large the nearest int32
 *
 *   x, y  [count]  in, out   may be the same
 */
export function toFloat(x: usize, y: usize, count: i32): void {
  for (; count > 3; count -= 4, x += 16, y += 16) v128.store(y, f32x4.convert_i32x4_s(v128.load(x)));
  for (; count > 0; count--, x += 4, y += 4) store<f32>(y, <f32>load<i32>(x));
}

export function toInt(x: usize, y: usize, count: i32): void {
  for (; count > 3; count -= 4, x += 16, y += 16) v128.store(y, i32x4.trunc_sat_f32x4_s(v128.load(x)));
  for (; count > 0; count--, x += 4, y += 4) store<i32>(y, <i32>load<f32>(x));
}

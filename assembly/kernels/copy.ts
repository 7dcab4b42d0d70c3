/** Copies of rows, for every kernel that moves numbers without changing them. */

/** Elements from which the engine's block copy beats a loop over vectors, its call included. */
const BLOCK = 128;

/** `count` neighbouring elements; the two rows are the same or do not overlap. */
export function copyRow(to: usize, from: usize, count: i32): void {
  if (count >= BLOCK) {
    memory.copy(to, from, <usize>count << 2);
    return;
  }
  for (; count > 3; count -= 4, to += 16, from += 16) v128.store(to, v128.load(from));
  for (; count > 0; count--, to += 4, from += 4) store<u32>(to, load<u32>(from));
}

/** `count` elements with steps, in elements. */
export function copySteps(to: usize, toStep: i32, from: usize, fromStep: i32, count: i32): void {
  if (toStep == 1 && fromStep == 1) return copyRow(to, from, count);
  if (toStep == 1 && fromStep == 0) return fill(to, count, load<f32>(from));
  const stride = <usize>toStep << 2;
  const pace = <usize>fromStep << 2;
  for (; count > 0; count--, to += stride, from += pace) store<u32>(to, load<u32>(from));
}

/** y[i] = value */
export function fill(y: usize, count: i32, value: f32): void {
  const v = f32x4.splat(value);
  for (; count > 3; count -= 4, y += 16) v128.store(y, v);
  for (; count > 0; count--, y += 4) store<f32>(y, value);
}

/** row[i] = the `size` elements at places[i] + offset; places are addresses, the offset counts elements. */
export function gatherRows(places: usize, offset: i32, rows: usize, count: i32, size: i32): void {
  const skip = <usize>offset << 2;
  for (; count > 0; count--, places += 4, rows += <usize>size << 2) copyRow(rows, load<u32>(places) + skip, size);
}

/** The `size` elements at places[i] + offset = row[i]; the places do not overlap. */
export function scatterRows(places: usize, offset: i32, rows: usize, count: i32, size: i32): void {
  const skip = <usize>offset << 2;
  for (; count > 0; count--, places += 4, rows += <usize>size << 2) copyRow(load<u32>(places) + skip, rows, size);
}

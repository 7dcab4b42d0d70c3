/**
 * Rows of a table by number (embedding).
 *
 *   y[i] = table[ids[i]]
 *
 *   ids    [count]                  in   int32, or float32 when `whole` is 0
 *   table  [inputDim][outputDim]    in
 *   y      [count][outputDim]       out
 * Returns −1, or the index of the first id that is not a whole number in [0, inputDim); then y is left as it was.
 */
import { copyRow } from "./copy";

export function gather(
  ids: usize, whole: i32, count: i32, table: usize, inputDim: i32, outputDim: i32, y: usize,
): i32 {
  assert(count >= 0 && inputDim >= 0 && outputDim >= 0);
  for (let i = 0; i < count; i++) {
    const id = ids + (<usize>i << 2);
    if (!whole && floor(load<f32>(id)) != load<f32>(id)) return i;
    if (<u32>idAt(id, whole) >= <u32>inputDim) return i;
  }
  const size = <usize>outputDim << 2;
  for (; count > 0; count--, ids += 4, y += size) copyRow(y, table + <usize>idAt(ids, whole) * size, outputDim);
  return -1;
}

/** The id at an address; a float too large for int32 becomes the largest one. */
// @ts-ignore: decorator
@inline
function idAt(id: usize, whole: i32): i32 {
  return whole ? load<i32>(id) : <i32>load<f32>(id);
}

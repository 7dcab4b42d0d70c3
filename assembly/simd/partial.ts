/** The last vector of a row, of which only some lanes exist. */
import { loadPartial } from "./lanes";

const LANES: usize = memory.data<i32>([0, 1, 2, 3]);

/** The first `count` floats (1 to 4) at `from`, `rest` in the other lanes; reads nothing behind them. */
export function loadFilled(from: usize, count: i32, rest: v128): v128 {
  if (count > 3) return v128.load(from);
  return v128.bitselect(loadPartial(from, count), rest, i32x4.lt_s(v128.load(LANES), i32x4.splat(count)));
}

/** Stores the first `count` floats, four when there are more. */
export function storePartial(to: usize, v: v128, count: i32): void {
  if (count > 3) {
    v128.store(to, v);
  } else if (count > 1) {
    v128.store64_lane(to, v, 0);
    if (count > 2) v128.store32_lane(to + 8, v, 2);
  } else {
    v128.store32_lane(to, v, 0);
  }
}

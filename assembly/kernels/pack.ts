/**
 * Weights into panels of eight columns.
 *
 *   dst[block][r][l] = src[r][8·block + l], zero where 8·block + l ≥ cols
 *
 *   src  [rows] of cols floats, srcRow apart           in
 *   dst  [blocks] of [rows][8], blockStep floats apart out
 *
 * The caller offsets src and dst to pack one gate, or the recurrent rows below those of the kernel.
 */
export function packPanels(src: usize, srcRow: i32, rows: i32, cols: i32, dst: usize, blockStep: i32): void {
  for (let first = 0; first < cols; first += 8) {
    const width = min(8, cols - first);
    let from = src + (<usize>first << 2);
    let to = dst;
    for (let row = 0; row < rows; row++) {
      if (width == 8) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      } else {
        for (let lane = 0; lane < 8; lane++) {
          const at = <usize>lane << 2;
          store<f32>(to + at, lane < width ? load<f32>(from + at) : 0);
        }
      }
      from += <usize>srcRow << 2;
      to += 32;
    }
    dst += <usize>blockStep << 2;
  }
}

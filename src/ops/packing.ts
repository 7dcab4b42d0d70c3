/** Weights from Keras' order into panels of 8 columns. */

import type { Engine } from "../wasm/engine";

/** Floats copied to WebAssembly memory at a time, so that packing a large matrix does not double its memory. */
const STAGED = 1 << 14;

/** Some columns of a matrix in C order, and where their panels go. */
export interface PanelCopy {
  readonly values: Float32Array;
  /** Rows of the matrix; `width` floats each. */
  readonly rows: number;
  readonly width: number;
  /** The columns to pack: `columns` from `from` on, and as many behind them for each further part. */
  readonly from: number;
  readonly columns: number;
  /** Parts, such as gates; one by default. From the panels of one to those of the next are `partStep` bytes. */
  readonly parts?: number;
  readonly partStep?: number;
  /** Address of the first panel's first row, and floats from one panel to the next. */
  readonly to: number;
  readonly blockStep: number;
}

/** Packs columns of a matrix: a panel holds the rows one after another, 8 floats each, 0 past a part's last column. */
export function packColumns(engine: Engine, copy: PanelCopy): void {
  const { values, rows, width, from, columns, parts = 1, partStep = 0, to, blockStep } = copy;
  const slice = Math.max(1, Math.floor(STAGED / width));
  const staging = engine.scratch.enter(4 * width * Math.min(rows, slice));
  try {
    for (let row = 0; row < rows; row += slice) {
      const count = Math.min(slice, rows - row);
      engine.arena.f32.set(values.subarray(row * width, (row + count) * width), staging >> 2);
      for (let part = 0; part < parts; part++) {
        const source = staging + 4 * (from + part * columns);
        engine.kernels.packPanels(source, width, count, columns, to + part * partStep + 32 * row, blockStep);
      }
    }
  } finally {
    engine.scratch.leave();
  }
}

/** Panels of 8 columns that hold `columns`. */
export function blocksOf(columns: number): number {
  return (columns + 7) >> 3;
}

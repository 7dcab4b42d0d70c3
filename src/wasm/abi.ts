/** The typed face of assembly/index.ts: addresses in bytes, counts and steps in 4-byte elements. */

export interface Kernels {
  readonly heapBase: { readonly value: number };
  /** Columns to panels of 8: dst[block·blockStep + r·8 + l] = src[r·srcRow + block·8 + l], 0 past the last column. */
  packPanels(src: number, srcRow: number, rows: number, cols: number, dst: number, blockStep: number): void;
  /** y[m][n] = activation(bias + x W) with packed W; bias 0 means none. */
  affine(
    x: number,
    xRow: number,
    weights: number,
    bias: number,
    y: number,
    yRow: number,
    m: number,
    k: number,
    n: number,
    code: number,
    alpha: number,
    beta: number,
  ): void;
  /** Each runs the whole sequence that its descriptor tells; see src/wasm/sequence.ts. */
  simpleRnnSequence(pass: number): void;
  lstmSequence(pass: number): void;
  gruSequence(pass: number): void;
  /** Bytes of scratch memory that a sequence kernel wants. */
  sequenceScratch(gates: number, batch: number, inputDim: number, units: number): number;
  /** y = op(a, b, c) over strided walks; see assembly/kernels/elementwise.ts for the descriptor. */
  elementwise(pass: number): void;
  /** Sets `count` elements. */
  fill(y: number, count: number, value: number): void;
  /** int32 to float32. */
  toFloat(src: number, dst: number, count: number): void;
  /** y = f(x) element by element; in place allowed. */
  activateSlab(x: number, y: number, count: number, code: number, alpha: number, beta: number, gamma: number): void;
  /** Each over rows of `cols` elements. */
  softmax(x: number, y: number, rows: number, cols: number): void;
  logSoftmax(x: number, y: number, rows: number, cols: number): void;
  sparsemax(x: number, y: number, rows: number, cols: number): void;
}

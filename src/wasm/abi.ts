/** The typed face of assembly/index.ts: addresses in bytes, counts and steps in 4-byte elements. */

export interface Kernels {
  readonly heapBase: { readonly value: number };
  /** 1 in the relaxed build. */
  readonly fused: { readonly value: number };
  /** Rows that the baseline build multiplies at a time, five or six. */
  readonly largestTile: { value: number };
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
  /** Runs the whole sequence that a descriptor tells; see src/wasm/sequence.ts. gates: 1 SimpleRNN, 3 GRU, 4 LSTM. */
  sequence(pass: number, gates: number): void;
  /** Bytes of scratch memory that a sequence kernel wants. */
  sequenceScratch(gates: number, batch: number, inputDim: number, units: number): number;
  /** y = op(a, b, c) over strided walks; see assembly/kernels/elementwise.ts for the descriptor. */
  elementwise(pass: number): void;
  /** Sets `count` elements. */
  fill(y: number, count: number, value: number): void;
  /** rows[i] = the elements at places[i] + offset; `places` are addresses in bytes. */
  gatherRows(places: number, offset: number, rows: number, count: number, size: number): void;
  /** The elements at places[i] + offset = rows[i]. */
  scatterRows(places: number, offset: number, rows: number, count: number, size: number): void;
  /** int32 to float32. */
  toFloat(src: number, dst: number, count: number): void;
  /** float32 to int32, without the fraction. */
  toInt(src: number, dst: number, count: number): void;
  /** y = f(x) element by element; in place allowed. */
  activateSlab(x: number, y: number, count: number, code: number, alpha: number, beta: number, gamma: number): void;
  /** Each over rows of `cols` elements. */
  softmax(x: number, y: number, rows: number, cols: number): void;
  logSoftmax(x: number, y: number, rows: number, cols: number): void;
  sparsemax(x: number, y: number, rows: number, cols: number): void;
  /** y[i] = table[ids[i]]; −1, or the index of the first id that is not a whole number in [0, inputDim). */
  gather(
    ids: number,
    whole: number,
    count: number,
    table: number,
    inputDim: number,
    outputDim: number,
    y: number,
  ): number;
  /** mask[r] = any x[r][c] ≠ value; y[r] = x[r], or zeros where nothing differs. */
  maskingRows(x: number, rows: number, cols: number, value: number, y: number, mask: number): void;
  /** y[outer][inner] = x[outer][0][inner] ∘ x[outer][1][inner] ∘ … */
  reduce(op: number, x: number, y: number, outer: number, length: number, inner: number): void;
  /** Rows less their mean, over their deviation, times gamma, plus beta; gamma and beta may be 0. */
  layerNorm(
    x: number,
    y: number,
    rows: number,
    cols: number,
    gamma: number,
    beta: number,
    epsilon: number,
    uncentred: number,
  ): void;
  /** y[r][c] = x[r][c] · scale[c] + shift[c] */
  scaleShift(x: number, y: number, rows: number, cols: number, scale: number, shift: number): void;
  /** Products of many pairs of matrices; see assembly/kernels/matmul.ts for the descriptor. */
  matmul(pass: number): void;
  /** Windows over images; see assembly/kernels/window.ts for their descriptor. */
  slideWindow(pass: number): void;
  patches(pass: number): void;
}

/** What assembly/team.ts adds for threads that share a memory; its `sequence` takes the place of the other. */
export interface TeamKernels extends Pick<Kernels, "sequence"> {
  /** Gives a sequence to an idle helper; its slot, or 0. See src/wasm/team.ts. */
  offer(pass: number, gates: number): number;
  /** Takes what a helper has made of it; 0 when it is not done, and then nobody waits for it any more. */
  collect(pass: number, slot: number): number;
  /** Does what the slot orders. */
  assist(slot: number): void;
}

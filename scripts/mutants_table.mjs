/**
 * The bugs that scripts/mutants.mjs plants: `find` stands exactly once in `file` and becomes `replace`; one of the
 * tests in `tests` must then fail. Whoever changes such a line moves its patch along.
 */
import { THROUGHPUT } from "./mutants_throughput.mjs";

const LSTM = ["test/layers/lstm.test.ts"];
const GRU = ["test/layers/gru.test.ts"];
const SIMPLE = ["test/layers/simple_rnn.test.ts"];

const KERNELS = [
  {
    name: "lstm: gates i and f swapped",
    file: "assembly/kernels/lstm.ts",
    find: `const cellLow = flush(madd(v128.load(f + at), v128.load(from), low));`,
    replace: `const i = v128.load(sums + at);
    const cellLow = flush(madd(i, v128.load(from), f32x4.mul(v128.load(f + at), v128.load(candidate + at))));`,
    tests: LSTM,
  },
  {
    name: "lstm: recurrent activation on the candidate",
    file: "assembly/kernels/lstm.ts",
    find: "activateBlocks(pass + Word.ACTIVATION, candidate, count);",
    replace: "activateBlocks(pass + Word.RECURRENT_ACTIVATION, candidate, count);",
    tests: LSTM,
  },
  {
    name: "lstm: no activation on the cell state",
    file: "assembly/kernels/lstm.ts",
    find: "activateBlocks(pass + Word.HIDDEN_ACTIVATION, sums, count);",
    replace: "",
    tests: LSTM,
  },
  {
    name: "lstm: activation instead of the recurrent one on the gates i and f",
    file: "assembly/kernels/lstm.ts",
    find: "activateBlocks(pass + Word.RECURRENT_ACTIVATION, sums, 2 * count);",
    replace: "activateBlocks(pass + Word.ACTIVATION, sums, 2 * count);",
    tests: LSTM,
  },
  {
    name: "gru: update gate inverted",
    file: "assembly/kernels/gru_cell.ts",
    find: "const gate = v128.load(z + at);",
    replace: "const gate = f32x4.sub(one, v128.load(z + at));",
    tests: GRU,
  },
  {
    name: "gru: gates z and r swapped",
    file: "assembly/kernels/gru_cell.ts",
    find: "const r = gates + (count << 5);",
    replace: "const r = gates;",
    tests: GRU,
  },
  {
    name: "gru: reset gate left out before the product",
    file: "assembly/kernels/gru_cell.ts",
    find: "flush(f32x4.mul(v128.load(r), v128.load(h)))",
    replace: "v128.load(h)",
    tests: GRU,
  },
  {
    name: "sequence: mask ignored",
    file: "assembly/kernels/rows.ts",
    find: "if (!isReal(pass, mask, t, row)) continue;",
    replace: "",
    tests: LSTM,
  },
  {
    name: "sequence: zero_output_for_mask ignored",
    file: "assembly/kernels/timestep.ts",
    find: " && !load<i32>(pass, Word.ZERO_OUTPUT)",
    replace: "",
    tests: SIMPLE,
  },
  {
    name: "sequence: output of the last step but one",
    file: "assembly/kernels/timestep.ts",
    find: "t == load<i32>(pass, Word.TIMESTEPS) - 1",
    replace: "t == max(load<i32>(pass, Word.TIMESTEPS) - 2, 0)",
    tests: SIMPLE,
  },
  {
    name: "pack: the last partial block shifted by a unit",
    file: "assembly/kernels/pack.ts",
    find: "lane < width ? load<f32>(from + at)",
    replace: "lane < width ? load<f32>(from + (width < 8 ? <usize>((lane + 1) % width) << 2 : at))",
    tests: SIMPLE,
  },
  {
    name: "wide build: the second panel's last columns from its first",
    file: "scripts/generate_wide_kernels.mjs",
    find: "w3 = v128.load(v, 16);",
    replace: "w3 = v128.load(v);",
    tests: ["test/kernels/sequence_bits.test.ts"],
  },
  {
    name: "wide build: eight panels of a row put down as if all stood in one line",
    file: "assembly/kernels/lstm.ts",
    find: "gemv8(a, w, end, panel, start, 32, to, to + 32, gate);",
    replace: "gemv8(a, w, end, panel, start, 32, to, to + 4 * gate, gate);",
    tests: ["test/kernels/sequence_bits.test.ts"],
  },
  {
    name: "softmax: the largest not subtracted",
    file: "assembly/kernels/softmax.ts",
    find: "exponentials(x, y, cols, largest(x, cols))",
    replace: "exponentials(x, y, cols, f32x4.splat(0))",
    tests: ["test/kernels/rows.test.ts"],
  },
  {
    name: "activations: hard_sigmoid of the other dialect",
    file: "assembly/simd/activate.ts",
    find: "f32x4.div(clamp(f32x4.add(x, f32x4.splat(3)), f32x4.splat(0), f32x4.splat(6)), f32x4.splat(6))",
    replace: "f32x4.div(clamp(f32x4.add(x, f32x4.splat(2.5)), f32x4.splat(0), f32x4.splat(5)), f32x4.splat(5))",
    tests: ["test/kernels/activation.test.ts"],
  },
];

const LAYERS = [
  {
    name: "cell: recurrent kernel transposed",
    file: "src/layers/recurrent/kernel_cell.ts",
    find: "values: this.recurrentKernel.data, rows: units,",
    replace: `rows: units, values: this.recurrentKernel.data.map((_, at, all) => {
          const [row, column] = [Math.floor(at / (gates * units)), at % (gates * units)];
          const first = column - (column % units);
          return all[(column % units) * gates * units + first + row] as number;
        }),`,
    tests: SIMPLE,
  },
  {
    name: "cell: bias dropped",
    file: "src/layers/recurrent/kernel_cell.ts",
    find: "this.biasRows(bias.data);",
    replace: "this.biasRows(bias.data).map(() => 0);",
    tests: LSTM,
  },
  {
    name: "gru: reset_after inverted",
    file: "src/layers/recurrent/gru.ts",
    find: "this.resetAfter ? 1 : 0",
    replace: "this.resetAfter ? 0 : 1",
    tests: GRU,
  },
  {
    name: "gru: rows of the bias swapped",
    file: "src/layers/recurrent/gru.ts",
    find: "rows.set(recurrent.subarray(2 * units), 3 * units);",
    replace: "rows.copyWithin(3 * units, 2 * units).set(recurrent.subarray(2 * units), 2 * units);",
    tests: GRU,
  },
  {
    name: "sequence: go_backwards ignored",
    file: "src/layers/recurrent/sequence.ts",
    find: "walk.backwards ? [timesteps - 1, -1] : [0, 1]",
    replace: "walk.backwards ? [0, 1] : [0, 1]",
    tests: LSTM,
  },
  {
    name: "sequence: initial state ignored",
    file: "src/layers/recurrent/sequence.ts",
    find: "else emitCopyRows(plan, start[k] as Slab, state, size);",
    replace: "else emitFill(plan, state, 0);",
    tests: LSTM,
  },
  {
    name: "sequence: states not zeroed before a run",
    file: "src/layers/recurrent/sequence.ts",
    find: `if (start === "zeros") emitFill(plan, state, 0);`,
    replace: `if (start === "zeros") plan.step([state], () => {});`,
    tests: LSTM,
  },
];

const WRAPPERS = [
  {
    name: "bidirectional: backward outputs not turned round",
    file: "src/layers/bidirectional.ts",
    find: "column: wide ? width : 0, flip }",
    replace: "column: wide ? width : 0, flip: false }",
    tests: ["test/layers/bidirectional.test.ts"],
  },
  {
    name: "bidirectional: ave is sum",
    file: "src/layers/bidirectional.ts",
    find: `[forward, backward]), 0.5)`,
    replace: `[forward, backward]), 1)`,
    tests: ["test/layers/bidirectional.test.ts"],
  },
  {
    name: "bidirectional: mul is sum",
    file: "src/layers/bidirectional.ts",
    find: `emitBroadcast(plan, "multiply", [forward, backward])`,
    replace: `emitBroadcast(plan, "add", [forward, backward])`,
    tests: ["test/layers/bidirectional.test.ts"],
  },
  {
    name: "bidirectional: initial states of the directions swapped",
    file: "src/layers/bidirectional.ts",
    find: "const [first, second] =",
    replace: "const [second, first] =",
    tests: ["test/layers/bidirectional.test.ts"],
  },
  {
    name: "stateful: every call starts from zeros",
    file: "src/layers/recurrent/recurrent.ts",
    find: `return this.stateful ? this.memory.load(plan, batch) : "zeros";`,
    replace: `return "zeros";`,
    tests: SIMPLE,
  },
  {
    name: "cells: step by step, the mask keeps no state",
    file: "src/layers/recurrent/walk.ts",
    find: "choose(state, kept, kept, kept.dim(1));",
    replace: "choose(state, undefined, kept, kept.dim(1));",
    tests: ["test/layers/masked_steps.test.ts"],
  },
  {
    name: "embedding: another id than 0 masked",
    file: "src/layers/embedding.ts",
    find: "emitScalar(plan, 0)",
    replace: "emitScalar(plan, 1)",
    tests: ["test/layers/embedding.test.ts"],
  },
];

export const MUTANTS = [...KERNELS, ...LAYERS, ...WRAPPERS, ...THROUGHPUT];

import { bidirectional } from "../../src/layers/bidirectional";
import { gru } from "../../src/layers/recurrent/gru";
import { lstm } from "../../src/layers/recurrent/lstm";
import { simpleRNN } from "../../src/layers/recurrent/simple_rnn";
import * as ops from "../../src/ops";
import type { Tensor } from "../../src/tensor";
import { maskOf, reordered, transposed } from "./gates";
import { asTensor, expectVector, itConforms, type Vector, type VectorTensor } from "./vectors";

interface TorchCase extends Vector {
  readonly module: {
    readonly type: "LSTM" | "GRU" | "RNN";
    readonly hidden_size: number;
    readonly num_layers: number;
    readonly bidirectional: boolean;
    readonly batch_first: boolean;
    readonly bias: boolean;
    readonly nonlinearity?: string;
  };
  readonly state_dict: Readonly<Record<string, VectorTensor>>;
  readonly input: VectorTensor;
  readonly lengths?: readonly number[];
  readonly h0?: VectorTensor;
  readonly c0?: VectorTensor;
  readonly expected: { readonly output: VectorTensor; readonly h_n: VectorTensor; readonly c_n?: VectorTensor };
}

/** Gates of torch: LSTM i f g o, GRU r z n; those of Keras: i f c o, z r h. */
const ORDER = { LSTM: [0, 1, 2, 3], GRU: [1, 0, 2], RNN: [0] };

function layerOf({ type, hidden_size: units, bias: useBias, nonlinearity, ...rest }: TorchCase["module"]) {
  const shared = { units, useBias, returnSequences: true, returnState: true, zeroOutputForMask: true };
  const makers = {
    LSTM: () => lstm(shared),
    GRU: () => gru(shared),
    RNN: () => simpleRNN({ ...shared, activation: nonlinearity ?? "tanh" }),
  };
  const layer = makers[type]();
  return rest.bidirectional ? bidirectional({ layer }) : layer;
}

/** Kernel, recurrent kernel and bias of one layer in one direction. */
function weightsOf(c: TorchCase, suffix: string): Tensor[] {
  const order = ORDER[c.module.type];
  const read = (name: string) => asTensor(c.state_dict[`${name}_${suffix}`] as VectorTensor);
  const kernels = ["weight_ih", "weight_hh"].map((name) => transposed(read(name), order));
  if (!c.module.bias) return kernels;
  const [input, recurrent] = ["bias_ih", "bias_hh"].map((name) => reordered(read(name), order)) as [Tensor, Tensor];
  return [...kernels, c.module.type === "GRU" ? ops.stack([input, recurrent]) : ops.add(input, recurrent)];
}

function runTorchCase(c: TorchCase): void {
  const { num_layers: count, batch_first: batchFirst } = c.module;
  const turn = (x: Tensor) => (batchFirst ? x : ops.transpose(x, [1, 0, 2]));
  const directions = c.module.bidirectional ? ["", "_reverse"] : [""];
  const initial = [c.h0, c.c0].flatMap((s) => (s ? [ops.split(asTensor(s), count * directions.length, 0)] : []));
  const final: Tensor[][] = initial.length > 0 ? initial.map(() => []) : [[], []];
  let x = turn(asTensor(c.input));
  const mask = c.lengths && { mask: maskOf(c.lengths, x.shape[1] as number) };
  for (let k = 0; k < count; k++) {
    const layer = layerOf(c.module).build(x.shape);
    layer.setWeights(directions.flatMap((direction) => weightsOf(c, `l${k}${direction}`)));
    const at = directions.map((_, d) => k * directions.length + d);
    const states = at.flatMap((n) => initial.map((all) => ops.squeeze(all[n] as Tensor, 0)));
    const [y, ...ends] = [layer.apply(x, { ...mask, initialState: states })].flat() as [Tensor, ...Tensor[]];
    const perDirection = ends.length / directions.length;
    ends.forEach((state, n) => {
      (final[n % perDirection] as Tensor[]).push(state);
    });
    x = y;
  }
  expectVector(turn(x), c.expected.output, c);
  expectVector(ops.stack(final[0] as Tensor[]), c.expected.h_n, c);
  if (c.expected.c_n) expectVector(ops.stack(final[1] as Tensor[]), c.expected.c_n, c);
}

itConforms("torch_vectors.json", 31, runTorchCase);

import { bidirectional } from "../../src/layers/bidirectional";
import { gru } from "../../src/layers/recurrent/gru";
import { lstm } from "../../src/layers/recurrent/lstm";
import { simpleRNN } from "../../src/layers/recurrent/simple_rnn";
import * as ops from "../../src/ops";
import type { Tensor } from "../../src/tensor";
import { maskOf, reordered, transposed } from "./gates";
import { asTensor, expectVector, itConforms, type Vector, type VectorTensor } from "./vectors";

type Name = "X" | "W" | "R" | "B" | "sequence_lens" | "initial_h" | "initial_c";

interface OnnxCase extends Vector {
  readonly op_type: "LSTM" | "GRU" | "RNN";
  readonly attributes: {
    readonly hidden_size: number;
    readonly direction?: "forward" | "reverse" | "bidirectional";
    readonly layout?: 0 | 1;
    readonly linear_before_reset?: 0 | 1;
  };
  readonly inputs: Readonly<Partial<Record<Name, VectorTensor>>>;
  readonly expected: Readonly<Partial<Record<"Y" | "Y_h" | "Y_c", VectorTensor>>>;
}

/** Gates of ONNX: LSTM i o f c, GRU z r h; those of Keras: i f c o, z r h. */
const ORDER = { LSTM: [0, 2, 3, 1], GRU: [0, 1, 2], RNN: [0] };

function layerOf({ op_type, attributes }: OnnxCase) {
  const { hidden_size: units, direction } = attributes;
  const goBackwards = direction === "reverse";
  const shared = { units, goBackwards, returnSequences: true, returnState: true, zeroOutputForMask: true };
  const makers = {
    LSTM: () => lstm(shared),
    GRU: () => gru({ ...shared, resetAfter: attributes.linear_before_reset === 1 }),
    RNN: () => simpleRNN(shared),
  };
  const layer = makers[op_type]();
  return direction === "bidirectional" ? bidirectional({ layer, mergeMode: null }) : layer;
}

/** Kernel, recurrent kernel and bias of each direction. */
function weightsOf({ op_type, attributes, inputs }: OnnxCase, direction: number): Tensor[] {
  const order = ORDER[op_type];
  const read = (name: Name) => {
    const value = inputs[name];
    return value && ops.squeeze(ops.slice(asTensor(value), [direction], [1]), 0);
  };
  const kernels = ["W" as const, "R" as const].map((name) => transposed(read(name) as Tensor, order));
  const both = read("B") ?? ops.zeros([2 * order.length * attributes.hidden_size]);
  const [input, recurrent] = ops.split(both, 2).map((bias) => reordered(bias, order)) as [Tensor, Tensor];
  return [...kernels, attributes.linear_before_reset ? ops.stack([input, recurrent]) : ops.add(input, recurrent)];
}

/** Outputs in the order of the input, also where the layer walked back. */
function inOrder(y: Tensor, reversed: boolean): Tensor {
  if (!reversed) return y;
  const steps = ops.split(y, y.shape[1] as number, 1);
  return ops.concat([...steps].reverse(), 1);
}

function runOnnxCase(c: OnnxCase): void {
  const { direction, layout = 0 } = c.attributes;
  const directions = direction === "bidirectional" ? 2 : 1;
  const given = asTensor(c.inputs.X as VectorTensor);
  const x = layout ? given : ops.transpose(given, [1, 0, 2]);
  const layer = layerOf(c).build(x.shape);
  layer.setWeights(Array.from({ length: directions }, (_, d) => weightsOf(c, d)).flat());
  const lengths = c.inputs.sequence_lens;
  const mask = lengths ? { mask: maskOf(lengths.data.map(Number), x.shape[1] as number) } : {};
  const results = [layer.apply(x, mask)].flat() as Tensor[];
  const outputs = results.slice(0, directions).map((y) => inOrder(y, direction === "reverse"));
  const states = results.slice(directions);
  const count = states.length / directions;
  // [directions, batch, units] each; with layout 1 the batch comes first.
  const ends = Array.from({ length: count }, (_, k) =>
    ops.stack(
      states.filter((_, n) => n % count === k),
      layout ? 1 : 0,
    ),
  );
  // [timesteps, directions, batch, units]; with layout 1 [batch, timesteps, directions, units].
  const wide = ops.stack(outputs, 2);
  const { Y, Y_h, Y_c } = c.expected;
  if (Y) expectVector(layout ? wide : ops.transpose(wide, [1, 2, 0, 3]), Y, c);
  if (Y_h) expectVector(ends[0], Y_h, c);
  if (Y_c) expectVector(ends[1], Y_c, c);
}

itConforms("onnx_vectors.json", 18, runOnnxCase, {
  "onnx/test_lstm_with_peepholes": "Keras' LSTM has no peepholes",
});

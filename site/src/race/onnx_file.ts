/** A workload as an ONNX file, as a converter would write it: time-major LSTMs with transposes around them. */

import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { isRecurrent, type Laid, laid, type Weight, type Workload } from "./workloads";

const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;

type Attribute = number | string | readonly number[];

/** The messages of onnx.proto3 that are needed; numbers are its field numbers. */
const message = (write: (to: BinaryWriter) => void): Uint8Array => {
  const to = new BinaryWriter();
  write(to);
  return to.finish();
};

function tensorBytes(name: string, shape: readonly number[], type: number, data: ArrayBufferView): Uint8Array {
  return message((to) => {
    for (const d of shape) to.uint32(8).int64(d);
    to.uint32(16).int32(type).uint32(66).string(name);
    to.uint32(74).bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  });
}

function valueBytes(name: string, type: number, shape: readonly number[]): Uint8Array {
  const dimensions = message((to) => {
    for (const d of shape) to.uint32(10).bytes(message((dimension) => dimension.uint32(8).int64(d)));
  });
  const tensor = message((to) => to.uint32(8).int32(type).uint32(18).bytes(dimensions));
  return message((to) =>
    to
      .uint32(10)
      .string(name)
      .uint32(18)
      .bytes(message((kind) => kind.uint32(10).bytes(tensor))),
  );
}

function attributeBytes(name: string, value: Attribute): Uint8Array {
  return message((to) => {
    to.uint32(10).string(name);
    if (typeof value === "number") to.uint32(24).int64(value).uint32(160).int32(2);
    else if (typeof value === "string") to.uint32(34).bytes(new TextEncoder().encode(value)).uint32(160).int32(3);
    else {
      for (const item of value) to.uint32(64).int64(item);
      to.uint32(160).int32(7);
    }
  });
}

class Graph {
  private readonly body = new BinaryWriter();
  private names = 0;

  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    outputs = 1,
  ): string[] {
    const made = Array.from({ length: outputs }, () => `v${this.names++}`);
    const bytes = message((to) => {
      for (const input of inputs) to.uint32(10).string(input);
      for (const output of made) to.uint32(18).string(output);
      to.uint32(34).string(op);
      for (const [name, value] of Object.entries(attributes)) to.uint32(42).bytes(attributeBytes(name, value));
    });
    this.body.uint32(10).bytes(bytes);
    return made;
  }

  floats(shape: readonly number[], data: Float32Array): string {
    const name = `w${this.names++}`;
    this.body.uint32(42).bytes(tensorBytes(name, shape, FLOAT, data));
    return name;
  }

  whole(values: readonly number[]): string {
    const name = `w${this.names++}`;
    this.body.uint32(42).bytes(tensorBytes(name, [values.length], INT64, BigInt64Array.from(values.map(BigInt))));
    return name;
  }

  input(name: string, type: number, shape: readonly number[]): string {
    this.body.uint32(90).bytes(valueBytes(name, type, shape));
    return name;
  }

  output(name: string): void {
    this.body.uint32(98).bytes(message((to) => to.uint32(10).string(name)));
  }

  finish(): Uint8Array {
    const graph = this.body.uint32(18).string("workload").finish();
    const opset = message((to) => to.uint32(10).string("").uint32(16).int64(14));
    return message((to) => to.uint32(8).int64(8).uint32(58).bytes(graph).uint32(66).bytes(opset));
  }
}

/** Keras' [rows, gates·units] → ONNX' [gates·units, rows] with its order of gates. */
function turned({ data, shape }: Weight, units: number, order: readonly number[]): Float32Array {
  const [rows, columns] = shape as [number, number];
  const out = new Float32Array(rows * columns);
  order.forEach((gate, place) => {
    for (let u = 0; u < units; u++) {
      for (let row = 0; row < rows; row++) {
        out[(place * units + u) * rows + row] = data[row * columns + gate * units + u] as number;
      }
    }
  });
  return out;
}

const ORDER = { LSTM: [0, 3, 1, 2], GRU: [0, 1, 2], SimpleRNN: [0] } as const;
const join = (arrays: readonly Float32Array[]) => Float32Array.from(arrays.flatMap((array) => [...array]));

/** Appends a recurrent layer on time-major x; gives time-major sequences, or [batch, width]. */
function recurrent(graph: Graph, layer: Laid, x: string, states: readonly string[]): { y: string; states: string[] } {
  const { kind, units, inputDim, weights, sequences, bidirectional } = layer;
  if (!isRecurrent(kind)) throw new Error(`${kind}: expected a recurrent layer`);
  const order = ORDER[kind];
  const directions = bidirectional ? [weights.slice(0, 3), weights.slice(3)] : [weights];
  const columns = order.length * units;
  const bias = (all: Float32Array) => {
    const row = (from: number) => join(order.map((gate) => all.slice(from + gate * units, from + (gate + 1) * units)));
    return kind === "GRU" ? join([row(0), row(columns)]) : join([row(0), new Float32Array(columns)]);
  };
  const d = directions.length;
  const inputs = [
    x,
    graph.floats([d, columns, inputDim], join(directions.map(([kernel]) => turned(kernel as Weight, units, order)))),
    graph.floats([d, columns, units], join(directions.map(([, back]) => turned(back as Weight, units, order)))),
    graph.floats([d, 2 * columns], join(directions.map(([, , b]) => bias((b as Weight).data)))),
    ...(states.length > 0 ? ["", ...states] : []),
  ];
  const op = kind === "SimpleRNN" ? "RNN" : kind;
  const attributes = {
    hidden_size: units,
    ...(d === 2 && { direction: "bidirectional" }),
    ...(kind === "GRU" && { linear_before_reset: 1 }),
  };
  const [all, last, ...more] = graph.node(op, inputs, attributes, kind === "LSTM" ? 3 : 2) as [string, string, string?];
  const made = [last, ...(more as string[])];
  if (sequences && d === 1) return { y: graph.node("Squeeze", [all, graph.whole([1])])[0] as string, states: made };
  if (!sequences && d === 1) return { y: graph.node("Squeeze", [last, graph.whole([0])])[0] as string, states: made };
  const [side] = graph.node("Transpose", [sequences ? all : last], { perm: sequences ? [0, 2, 1, 3] : [1, 0, 2] });
  return {
    y: graph.node("Reshape", [side as string, graph.whole(sequences ? [0, 0, -1] : [0, -1])])[0] as string,
    states: made,
  };
}

export interface OnnxFile {
  readonly bytes: Uint8Array;
  readonly output: string;
  /** Inputs `s0`, `s1` and the outputs that they take next. */
  readonly states: readonly string[];
}

export function onnxFile(workload: Workload): OnnxFile {
  const { batch, timesteps, features, layers, stream } = workload;
  const ids = layers[0]?.kind === "Embedding";
  const graph = new Graph();
  let y = graph.input("x", ids ? INT32 : FLOAT, ids ? [batch, timesteps] : [batch, timesteps, features]);
  let timed = false;
  let states: string[] = [];
  for (const layer of laid(workload)) {
    if (layer.kind === "Embedding")
      y = graph.node("Gather", [
        graph.floats([layer.inputDim, layer.units], (layer.weights[0] as Weight).data),
        y,
      ])[0] as string;
    else if (layer.kind === "Dense") {
      const [kernel, bias] = layer.weights.map(({ shape, data }) => graph.floats(shape, data));
      const [sum] = graph.node("Gemm", [y, kernel as string, bias as string]);
      y = graph.node("Softmax", [sum as string], { axis: 1 })[0] as string;
    } else {
      if (!timed) y = graph.node("Transpose", [y], { perm: [1, 0, 2] })[0] as string;
      timed = true;
      const given = stream
        ? (layer.kind === "LSTM" ? ["s0", "s1"] : ["s0"]).map((name) =>
            graph.input(name, FLOAT, [1, batch, layer.units]),
          )
        : [];
      const made = recurrent(graph, layer, y, given);
      y = made.y;
      states = stream ? made.states : [];
    }
  }
  if (layers.at(-1)?.sequences) y = graph.node("Transpose", [y], { perm: [1, 0, 2] })[0] as string;
  for (const name of [y, ...states]) graph.output(name);
  return { bytes: graph.finish(), output: y, states };
}

/** The part of ONNX's protobuf messages that is read here. Numbers and names: onnx/onnx.proto. */

export interface ModelProto {
  readonly producerName: string;
  readonly graph?: GraphProto;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps: readonly object[];
  readonly trainingInfo: readonly object[];
  readonly functions: readonly object[];
}

export interface GraphProto {
  readonly node: readonly NodeProto[];
  readonly name: string;
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
  readonly sparseInitializer: readonly object[];
}

export interface NodeProto {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly attribute: readonly AttributeProto[];
  readonly domain: string;
}

export interface AttributeProto {
  readonly name: string;
  readonly f: number;
  readonly i: number;
  readonly s: Uint8Array;
  readonly t?: TensorProto;
  readonly g?: GraphProto;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly strings: readonly Uint8Array[];
  readonly type: number;
}

export interface TensorProto {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly floatData: readonly number[];
  readonly int32Data: readonly number[];
  readonly int64Data: readonly number[];
  readonly name: string;
  readonly rawData: Uint8Array;
  readonly doubleData: readonly number[];
  readonly uint64Data: readonly number[];
  readonly externalData: readonly { readonly key: string; readonly value: string }[];
  readonly dataLocation: number;
}

export interface ValueInfoProto {
  readonly name: string;
  readonly type?: { readonly tensorType?: TensorType };
}

export interface TensorType {
  readonly elemType: number;
  readonly shape?: { readonly dim: readonly { readonly dimValue?: number; readonly dimParam?: string }[] };
}

export type Scalar = "int32" | "int64" | "uint64" | "float" | "double" | "string" | "bytes";
export type Message = keyof typeof FIELDS;

/** Number → name and kind: a scalar, a message; `optional` is absent when not written, `list` may be packed. */
export type Field = readonly [name: string, kind: Scalar | string, label?: "list" | "optional"];

/** Message → its fields. */
export const FIELDS = {
  model: {
    2: ["producerName", "string"],
    7: ["graph", "graph", "optional"],
    8: ["opsetImport", "opset", "list"],
    14: ["metadataProps", "unread", "list"],
    20: ["trainingInfo", "unread", "list"],
    25: ["functions", "unread", "list"],
  },
  opset: { 1: ["domain", "string"], 2: ["version", "int64"] },
  graph: {
    1: ["node", "node", "list"],
    2: ["name", "string"],
    5: ["initializer", "tensor", "list"],
    11: ["input", "value", "list"],
    12: ["output", "value", "list"],
    15: ["sparseInitializer", "unread", "list"],
  },
  unread: {},
  node: {
    1: ["input", "string", "list"],
    2: ["output", "string", "list"],
    3: ["name", "string"],
    4: ["opType", "string"],
    5: ["attribute", "attribute", "list"],
    7: ["domain", "string"],
  },
  attribute: {
    1: ["name", "string"],
    2: ["f", "float"],
    3: ["i", "int64"],
    4: ["s", "bytes"],
    5: ["t", "tensor", "optional"],
    6: ["g", "graph", "optional"],
    7: ["floats", "float", "list"],
    8: ["ints", "int64", "list"],
    9: ["strings", "bytes", "list"],
    20: ["type", "int32"],
  },
  tensor: {
    1: ["dims", "int64", "list"],
    2: ["dataType", "int32"],
    4: ["floatData", "float", "list"],
    5: ["int32Data", "int32", "list"],
    7: ["int64Data", "int64", "list"],
    8: ["name", "string"],
    9: ["rawData", "bytes"],
    10: ["doubleData", "double", "list"],
    11: ["uint64Data", "uint64", "list"],
    13: ["externalData", "entry", "list"],
    14: ["dataLocation", "int32"],
  },
  entry: { 1: ["key", "string"], 2: ["value", "string"] },
  value: { 1: ["name", "string"], 2: ["type", "type", "optional"] },
  type: { 1: ["tensorType", "tensorType", "optional"] },
  tensorType: { 1: ["elemType", "int32"], 2: ["shape", "shape", "optional"] },
  shape: { 1: ["dim", "dimension", "list"] },
  dimension: { 1: ["dimValue", "int64", "optional"], 2: ["dimParam", "string", "optional"] },
} as const satisfies Record<string, Record<number, Field>>;

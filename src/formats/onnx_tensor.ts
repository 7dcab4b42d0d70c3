/** ONNX tensors: numbers as raw bytes, in typed lists, or in a file beside the model. */
import { FormatError, UnsupportedError } from "../errors";
import type { OnnxTensor } from "../spec";
import { bfloatToNumber, decodeExact, elementCount, halfToNumber } from "./dtypes";
import type { Allowance } from "./limits";
import type { GraphProto, TensorProto } from "./onnx_messages";
import { checkedPath } from "./paths";

/** Reads a file by its path relative to the model. */
export type ReadExternal = (path: string) => Promise<Uint8Array>;

/** TensorProto.DataType; null: not read here. */
const DTYPES = [
  ...[null, "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", null, "bool", "float16", "float64"],
  ...["uint32", "uint64", null, null, "bfloat16"],
];

/** @throws {UnsupportedError} for texts, complex and other numbers. */
export function dtypeName(type: number, where: string): string {
  const name = DTYPES[type];
  if (name) return name;
  throw new UnsupportedError(where, "numbers of 8 to 64 bits", `ONNX data type ${type}`);
}

/** @throws {FormatError} when there are more or fewer numbers than the shape needs. @throws {LimitError} */
export function readTensor(
  tensor: TensorProto,
  where: string,
  allowance: Allowance,
  external: ReadonlyMap<string, Uint8Array>,
): OnnxTensor {
  const dtype = dtypeName(tensor.dataType, where);
  const shape = tensor.dims;
  if (tensor.dataLocation === 1)
    return decodeExact({ bytes: slice(tensor, where, external), dtype, shape }, where, allowance);
  const list = typedList(tensor, dtype);
  if (list.length === 0) return decodeExact({ bytes: tensor.rawData, dtype, shape }, where, allowance);
  const count = elementCount(shape, where);
  if (list.length !== count)
    throw new FormatError(where, `${count} numbers for [${shape.join(", ")}]`, String(list.length));
  allowance.spendWeight(where);
  allowance.spendBytes(where, 8 * count);
  const data = dtype.includes("float") ? Float32Array.from(list) : Float64Array.from(list);
  return { shape, dtype, data };
}

/** int32_data holds all small types, half floats as their bits. */
function typedList(tensor: TensorProto, dtype: string): readonly number[] {
  const { floatData, int32Data, int64Data, uint64Data, doubleData } = tensor;
  if (dtype === "float32") return floatData;
  if (dtype === "float64") return doubleData;
  if (dtype === "int64") return int64Data;
  if (dtype === "uint64" || dtype === "uint32") return uint64Data;
  if (dtype === "float16") return int32Data.map(halfToNumber);
  return dtype === "bfloat16" ? int32Data.map(bfloatToNumber) : int32Data;
}

function entriesOf(tensor: TensorProto): Map<string, string> {
  return new Map(tensor.externalData.map(({ key, value }) => [key, value]));
}

function slice(tensor: TensorProto, where: string, external: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries = entriesOf(tensor);
  const file = external.get(entries.get("location") ?? "");
  if (!file) throw new FormatError(where, "its weights in a file beside the model", "none");
  const start = Number(entries.get("offset") ?? 0);
  const length = Number(entries.get("length") ?? file.length - start);
  if (!(start >= 0 && length >= 0 && start + length <= file.length)) {
    throw new FormatError(where, `bytes within the ${file.length} of its file`, `${length} at ${start}`);
  }
  return file.subarray(start, start + length);
}

/** Every file that tensors of the graph name. @throws {FormatError} for paths that lead elsewhere, or with no place. */
export async function loadExternal(
  graph: GraphProto,
  sibling: ReadExternal | undefined,
  where: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const tensor of tensorsOf(graph)) {
    if (tensor.dataLocation !== 1) continue;
    const path = checkedPath(entriesOf(tensor).get("location"), `${where}, ${tensor.name}, location`);
    if (files.has(path)) continue;
    if (!sibling) throw new FormatError(where, `${path} beside it`, "bytes alone");
    files.set(path, await sibling(path));
  }
  return files;
}

function* tensorsOf(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const { attribute } of graph.node) {
    for (const { t, g } of attribute) {
      if (t) yield t;
      if (g) yield* tensorsOf(g);
    }
  }
}

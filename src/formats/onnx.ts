/** ONNX: a protobuf message → a plain graph, checked: names known before they are used, each made once. */
import { FormatError, RecurraError, show, UnsupportedError } from "../errors";
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxSpec, OnnxTensor, OnnxValue } from "../spec";
import type { Allowance } from "./limits";
import { type AttributeProto, FIELDS, type GraphProto, type ModelProto, type ValueInfoProto } from "./onnx_messages";
import { dtypeName, loadExternal, type ReadExternal, readTensor } from "./onnx_tensor";
import { readMessage } from "./protobuf";

/** What a graph is read with. */
interface Context {
  readonly where: string;
  readonly allowance: Allowance;
  readonly external: ReadonlyMap<string, Uint8Array>;
  readonly depth: number;
}

/**
 * Reads a model.
 *
 * @param sibling Reads a file of weights beside the model, where these are kept apart.
 * @throws {FormatError} when the bytes are no ONNX model, when a name is unknown or made twice, when a tensor has other
 *   bytes than its shape needs. @throws {UnsupportedError} for sparse tensors and texts. @throws {LimitError}
 */
export async function readOnnx(
  bytes: Uint8Array,
  sibling: ReadExternal | undefined,
  name: string,
  allowance: Allowance,
): Promise<OnnxSpec> {
  const model = parse(bytes, name, allowance);
  if (!model.graph || model.graph.node.length === 0) throw new FormatError(name, "an ONNX graph", "none");
  const external = await loadExternal(model.graph, sibling, name);
  const opsets = new Map(model.opsetImport.map(({ domain, version }) => [domain === "ai.onnx" ? "" : domain, version]));
  const graph = readGraph(model.graph, new Set(), { where: name, allowance, external, depth: 1 });
  const unread = { metadata_props: model.metadataProps, training_info: model.trainingInfo, functions: model.functions };
  const ignored = Object.entries(unread).flatMap(([part, messages]) => (messages.length > 0 ? [part] : []));
  return { format: "onnx", name, producer: model.producerName, opsets, graph, ignored };
}

function parse(bytes: Uint8Array, name: string, allowance: Allowance): ModelProto {
  try {
    return readMessage("model", bytes, FIELDS, name, allowance) as unknown as ModelProto;
  } catch (cause) {
    if (RecurraError.is(cause)) throw cause;
    throw new FormatError(name, "an ONNX model", cause instanceof Error ? cause.message : "other bytes", { cause });
  }
}

/** @param outer Names of the graphs around this one. */
function readGraph(proto: GraphProto, outer: ReadonlySet<string>, context: Context): OnnxGraph {
  const { where, allowance } = context;
  allowance.nest(where, context.depth);
  if (proto.sparseInitializer.length > 0) throw new UnsupportedError(where, "dense tensors", "a sparse initializer");
  const known = new Set(outer);
  const define = (value: string) => {
    if (known.has(value)) throw new FormatError(`${where}, ${value}`, "a value made once", "twice");
    known.add(value);
  };
  const initializers = new Map<string, OnnxTensor>();
  for (const tensor of proto.initializer) {
    define(tensor.name);
    initializers.set(tensor.name, readTensor(tensor, `${where}, ${tensor.name}`, allowance, context.external));
  }
  const inputs = proto.input.filter(({ name }) => !initializers.has(name)).map((value) => readValue(value, where));
  for (const { name } of inputs) define(name);
  const nodes = proto.node.map((node): OnnxNode => {
    const nodeWhere = `${where}, ${node.opType} ${node.name || node.output[0] || ""}`.trimEnd();
    for (const input of node.input) {
      if (input !== "" && !known.has(input)) throw new FormatError(nodeWhere, "inputs made before it", show(input));
    }
    const attributes = node.attribute.map((attribute) => {
      const inner = { ...context, where: `${nodeWhere}, ${attribute.name}`, depth: context.depth + 1 };
      return [attribute.name, readAttribute(attribute, known, inner)] as const;
    });
    for (const output of node.output) if (output !== "") define(output);
    const domain = node.domain === "ai.onnx" ? "" : node.domain;
    const { opType: op, name, input, output } = node;
    return { op, domain, name, inputs: input, outputs: output, attributes: new Map(attributes) };
  });
  const outputs = proto.output.map((value) => readValue(value, where));
  for (const { name } of outputs) {
    if (!known.has(name)) throw new FormatError(`${where}, outputs`, "values that the graph makes", show(name));
  }
  return { name: proto.name, nodes, initializers, inputs, outputs };
}

/** By its type: FLOAT 1, INT 2, STRING 3, TENSOR 4, GRAPH 5, FLOATS 6, INTS 7, STRINGS 8. */
function readAttribute(attribute: AttributeProto, known: ReadonlySet<string>, context: Context): OnnxAttribute {
  const { where, allowance, external } = context;
  switch (attribute.type) {
    case 1:
      return attribute.f;
    case 2:
      return attribute.i;
    case 3:
      return new TextDecoder().decode(attribute.s);
    case 4:
      if (attribute.t) return readTensor(attribute.t, where, allowance, external);
      throw new FormatError(where, "a tensor", "none");
    case 5:
      if (attribute.g) return readGraph(attribute.g, known, context);
      throw new FormatError(where, "a graph", "none");
    case 6:
      return attribute.floats;
    case 7:
      return attribute.ints;
    case 8:
      return attribute.strings.map((text) => new TextDecoder().decode(text));
    default:
      throw new UnsupportedError(where, "numbers, texts, a tensor or a graph", `attribute type ${attribute.type}`);
  }
}

function readValue({ name, type }: ValueInfoProto, where: string): OnnxValue {
  const tensor = type?.tensorType;
  const dtype = tensor ? dtypeName(tensor.elemType, `${where}, ${name}`) : "";
  const shape = tensor?.shape?.dim.map(({ dimValue, dimParam }) => {
    if (dimValue === undefined) return dimParam || null;
    if (Number.isSafeInteger(dimValue)) return dimValue < 0 ? null : dimValue; // TensorFlow's -1: not known
    throw new FormatError(`${where}, ${name}`, "sizes that fit in memory", String(dimValue));
  });
  return { name, dtype, shape: shape ?? null };
}

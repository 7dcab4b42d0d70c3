/** Walks a graph once, with all input shapes known: what can be computed now is, the rest becomes steps of a plan. */

import { FormatError, LimitError, RecurraError, UnsupportedError } from "../errors";
import type { Plan } from "../ops/plan";
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxSpec, OnnxTensor } from "../spec";
import { NodeCall } from "./node_call";
import { OPERATORS } from "./operators";
import { isSound, Known, type Value } from "./value";

/** What nodes made of constants, kept from plan to plan, so that weights are unpacked and packed once. */
export class Folded {
  private readonly nodes = new WeakMap<OnnxNode, { inputs: readonly unknown[]; outputs: readonly Known[] }>();
  private readonly tensors = new WeakMap<OnnxTensor, Known>();
  /** All that may have packed weights. */
  readonly owners = new Set<Known>();
  /** At least what they take; views of the same numbers may be counted twice. */
  private bytes = 0;

  /** @param most Bytes that all of it, weights included, may take: a small file can ask for any number of them. */
  constructor(private readonly most: number) {}

  constant(tensor: OnnxTensor): Known {
    const known = this.tensors.get(tensor) ?? new Known(tensor.shape, tensor.dtype, tensor.data);
    this.tensors.set(tensor, known);
    this.owners.add(known);
    return known;
  }

  find(node: OnnxNode, inputs: readonly unknown[]): readonly Known[] | undefined {
    const found = this.nodes.get(node);
    return found?.inputs.every((input, k) => input === inputs[k]) ? found.outputs : undefined;
  }

  /** @throws {LimitError} when all that is kept takes too much memory. */
  keep(where: string, node: OnnxNode, inputs: readonly unknown[], outputs: readonly (Value | undefined)[]): void {
    if (!outputs.every((value) => value instanceof Known)) return;
    for (const old of this.nodes.get(node)?.outputs ?? []) this.owners.delete(old);
    for (const value of outputs) this.owners.add(value);
    this.nodes.set(node, { inputs, outputs });
    this.bytes += bytesOf(outputs);
    if (this.bytes > this.most) this.bytes = bytesOf(this.owners);
    if (this.bytes > this.most) throw new LimitError(where, `at most ${this.most} bytes of constants`, `${this.bytes}`);
  }
}

function bytesOf(values: Iterable<Known>): number {
  const arrays = new Set([...values].map(({ data }) => data));
  return [...arrays].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Plans a model. */
export class Evaluation {
  private readonly values: Map<string, Value>;

  /** @param given The values of the inputs, by name. */
  constructor(
    private readonly spec: OnnxSpec,
    private readonly folded: Folded,
    private readonly plan: Plan,
    given: ReadonlyMap<string, Value>,
  ) {
    this.values = new Map(given);
  }

  /** Appends the steps of a graph. @returns its outputs. */
  run(graph: OnnxGraph): Value[] {
    for (const [name, tensor] of graph.initializers) this.values.set(name, this.folded.constant(tensor));
    const needed = neededNames(graph);
    for (const node of graph.nodes) {
      if (node.outputs.some((name) => needed.has(name))) this.evaluate(node, (name) => needed.has(name));
    }
    return graph.outputs.map(({ name }) => this.value(name, this.spec.name));
  }

  private value(name: string, where: string): Value {
    const value = this.values.get(name);
    if (value) return value;
    throw new FormatError(where, "a value that is made before it is used", name);
  }

  private evaluate(node: OnnxNode, needed: (name: string) => boolean): void {
    const where = whereOf(this.spec, node);
    const inputs = node.inputs.map((name) => (name === "" ? undefined : this.value(name, where)));
    const wanted = (k: number) => needed(node.outputs[k] ?? "");
    const outputs = this.folded.find(node, inputs) ?? this.compute(node, where, inputs, wanted);
    node.outputs.forEach((name, k) => {
      const value = outputs[k];
      if (name === "" || !needed(name)) return;
      if (!value) throw new UnsupportedError(where, `at most ${outputs.length} outputs`, `output ${name}`);
      this.values.set(name, value);
    });
  }

  private compute(
    node: OnnxNode,
    where: string,
    inputs: readonly (Value | undefined)[],
    wanted: (k: number) => boolean,
  ): readonly (Value | undefined)[] {
    if (node.op === "If" && node.domain === "") return this.branch(node, where, inputs[0]);
    const opset = this.spec.opsets.get("") ?? 1;
    const call = new NodeCall(this.plan, where, node, opset, inputs, wanted);
    const outputs = foreseen(where, () => {
      const result = operatorOf(this.spec, node)(call);
      return Array.isArray(result) ? (result as readonly (Value | undefined)[]) : [result as Value];
    });
    if (outputs.some((value) => value && !isSound(value))) {
      throw new FormatError(where, "attributes and inputs that fit together", "others");
    }
    if (inputs.every((value) => value === undefined || value instanceof Known))
      this.folded.keep(where, node, inputs, outputs);
    return outputs;
  }

  /** The branch that the condition takes, as if it stood in place of the node. */
  private branch(node: OnnxNode, where: string, condition: Value | undefined): Value[] {
    if (!(condition instanceof Known)) {
      const hint = "a condition that follows from shapes and constants (see inputShapes and constants)";
      throw new UnsupportedError(where, hint, "one that is computed from data");
    }
    const name = condition.data[0] ? "then_branch" : "else_branch";
    const graph = node.attributes.get(name);
    if (!isGraph(graph)) throw new FormatError(where, `a graph for ${name}`, "none");
    return this.run(graph);
  }
}

/** Whatever an operator did not foresee is a damaged graph, not a bare error. */
function foreseen<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (RecurraError.is(cause)) throw cause;
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(where, "attributes and inputs that fit together", got, { cause });
  }
}

/** How a node is called in messages. */
function whereOf(spec: OnnxSpec, node: OnnxNode): string {
  return `${spec.name}, node ${node.name || node.outputs[0] || "without a name"} (${node.op})`;
}

function operatorOf(spec: OnnxSpec, node: OnnxNode) {
  if (node.domain === "" && Object.hasOwn(OPERATORS, node.op)) return OPERATORS[node.op] as (typeof OPERATORS)[string];
  const got = node.domain === "" ? node.op : `${node.domain}.${node.op}`;
  throw new UnsupportedError(whereOf(spec, node), "an operator that is done here", got);
}

/** @throws {UnsupportedError} for operators outside branches that are not done here. */
export function checkOperators(spec: OnnxSpec): void {
  const needed = neededNames(spec.graph);
  for (const node of spec.graph.nodes) {
    const branches = node.op === "If" && node.domain === "";
    if (!branches && node.outputs.some((name) => needed.has(name))) operatorOf(spec, node);
  }
}

function isGraph(value: OnnxAttribute | undefined): value is OnnxGraph {
  return typeof value === "object" && "nodes" in value;
}

/** The names on which the outputs depend. */
function neededNames(graph: OnnxGraph): Set<string> {
  const needed = new Set(graph.outputs.map(({ name }) => name));
  for (const node of [...graph.nodes].reverse()) {
    if (node.outputs.some((name) => needed.has(name))) for (const name of namesIn(node)) needed.add(name);
  }
  needed.delete("");
  return needed;
}

/** What a node takes, by itself and in its branches. */
function* namesIn(node: OnnxNode): Generator<string> {
  yield* node.inputs;
  for (const value of node.attributes.values()) {
    if (!isGraph(value)) continue;
    for (const { name } of value.outputs) yield name;
    for (const inner of value.nodes) yield* namesIn(inner);
  }
}

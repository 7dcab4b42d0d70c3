/** PyTorch: a state dict and the order of its modules → a model. */
import { ArgumentError, FormatError, show, WeightError } from "../errors";
import type { ModelSpec } from "../spec";
import { type GraphRef, GraphWriter, tensorArgument } from "./graph_writer";
import { StateDict } from "./state_dict";
import type { TorchActivation, TorchModule, TorchRecurrent } from "./torch_modules";
import type { Part, PartContext } from "./torch_part";
import { isOfType, recurrentAt, recurrentPart } from "./torch_recurrent";
import { ACTIVATION_NAMES, activationPart, convolutionPart, embeddingPart, linearPart, normPart } from "./torch_simple";

const NAMED = "lstm gru rnn lstmcell grucell rnncell linear embedding batchnorm1d layernorm conv1d".split(" ");
const TYPES = [...NAMED, "dropout", "identity", ...ACTIVATION_NAMES];

/**
 * Makes a model of the arrays of a safetensors file. Without `modules` there must be one recurrent module, and at most
 * one linear module besides, which takes its outputs.
 *
 * @throws {WeightError} naming tensors that are missing, superfluous or of other sizes than their neighbours.
 * @throws {ArgumentError} when modules are told wrongly. @throws {UnsupportedError} for `proj_size`.
 */
export function torchModel({ name, weights, ...file }: ModelSpec, modules?: readonly TorchModule[]): ModelSpec {
  if (file.format !== "safetensors" || weights.kind !== "names") {
    throw new ArgumentError(`${name}, torch`, "a state dict in safetensors", `a file of the format ${file.format}`);
  }
  const list = modules ?? inferred(new StateDict(name, weights.weights));
  if (!Array.isArray(list) || list.length === 0) {
    throw new ArgumentError(`${name}, torch`, "a list of modules in the order of forward", show(list));
  }
  const state = new StateDict(name, weights.weights);
  const read = list.map((module, i) => readModule(state, module, i, `${name}, torch[${i}]`));
  const [left] = state.unused;
  if (left !== undefined) {
    const shape = weights.weights.get(left)?.shape.join(", ");
    const more = state.unused.length > 1 ? ` and ${state.unused.length - 1} more` : "";
    throw new WeightError(`${name}, ${left}`, "a module that has this tensor", `[${shape}] in none${more}`);
  }
  checkFeatures(name, read);
  const spec = assemble(name, read);
  return { ...spec, ...(file.metadata && { metadata: file.metadata }) };
}

interface ReadModule {
  /** The module's name, or its type and place. */
  readonly name: string;
  readonly part: Part;
  readonly module: TorchModule;
}

function readModule(state: StateDict, module: TorchModule, i: number, at: string): ReadModule {
  const { type } = (module ?? {}) as TorchModule;
  if (!TYPES.includes(type)) throw new ArgumentError(`${at}.type`, `one of ${TYPES.join(", ")}`, show(type));
  const context = { state, where: `${at} (${type})` };
  if (!NAMED.includes(type)) return { name: `${type}_${i}`, part: plainPart(context, module), module };
  const { name } = module as { name?: unknown };
  if (name !== undefined && typeof name !== "string") throw new ArgumentError(`${at}.name`, "a text", show(name));
  const prefix = name ?? prefixOf(context, module);
  return { name: prefix || type, part: namedPart(context, prefix, module), module };
}

/** The name that was left out. A layer norm may have no tensors at all. */
function prefixOf({ state, where }: PartContext, { type }: TorchModule): string {
  const rank = { linear: 2, embedding: 2, conv1d: 3 }[type as string];
  return state.only(where, (tensors, prefix) => {
    if (rank !== undefined) return state.shapeOf(prefix, "weight").length === rank;
    if (type === "batchnorm1d") return tensors.includes("running_mean");
    if (type === "layernorm") return state.shapeOf(prefix, "weight").length === 1 && !tensors.includes("running_mean");
    return isOfType(recurrentAt(state, prefix), type);
  });
}

function namedPart(context: PartContext, prefix: string, module: TorchModule): Part {
  switch (module.type) {
    case "linear":
      return linearPart(context, prefix, module);
    case "embedding":
      return embeddingPart(context, prefix, module);
    case "batchnorm1d":
    case "layernorm":
      return normPart(context, prefix, module);
    case "conv1d":
      return convolutionPart(context, prefix, module);
    case "lstm":
    case "gru":
    case "rnn":
    case "lstmcell":
    case "grucell":
    case "rnncell":
      return recurrentPart(context, prefix, module);
    default:
      throw new ArgumentError(context.where, "a module with tensors", module.type);
  }
}

function plainPart(context: PartContext, module: TorchModule): Part {
  if (ACTIVATION_NAMES.includes(module.type)) return activationPart(context, module as TorchActivation);
  return { takes: null, gives: null, timed: false, layers: [] };
}

/** Each module takes as many features as the one before gives. */
function checkFeatures(name: string, read: readonly ReadModule[]): void {
  let before: { name: string; gives: number } | undefined;
  for (const { name: module, part } of read) {
    if (before && part.takes !== null && part.takes !== before.gives) {
      const wanted = `weights for ${before.gives} features, which ${before.name} gives`;
      throw new WeightError(`${name}, ${module}`, wanted, part.takes === "ids" ? "ids" : String(part.takes));
    }
    if (part.gives !== null) before = { name: module, gives: part.gives };
    else if (typeof part.takes === "number") before ??= { name: module, gives: part.takes };
  }
}

function assemble(name: string, read: readonly ReadModule[]): ModelSpec {
  const graph = new GraphWriter();
  const timed = read.some(({ part }) => part.timed || part.takes === "ids");
  const takes = read.find(({ part }) => part.takes !== null)?.part.takes;
  if (takes === undefined) throw new FormatError(name, "a module with tensors", "none");
  const ids = takes === "ids";
  let last = graph.input("input", ids ? [null] : timed ? [null, takes] : [takes], ids ? "int32" : undefined);
  const wantsMask = read.some(({ module }) => "packed" in module && module.packed);
  const mask = wantsMask ? graph.input("mask", [null], "bool") : undefined;
  const finals: GraphRef[] = [];
  const names = new Set<string>();
  for (const { name: module, part, module: told } of read) {
    const { packed = false, initialState = false, returnState = false } = told as Partial<TorchRecurrent>;
    for (const [i, { states, more = [], ...layer }] of part.layers.entries()) {
      const layerName = unique(names, part.layers.length > 1 ? `${module}_${i}` : module);
      const begin = (state: string) => graph.input(unique(names, `${module}_${state}`), [states?.units ?? null]);
      const first = states && initialState ? states.names.map(begin) : [];
      const kwargs = {
        ...(states && packed && mask && { mask: tensorArgument(mask) }),
        ...(first.length > 0 && { initial_state: first.map(tensorArgument) }),
      };
      last = graph.add({ ...layer, name: layerName, args: [tensorArgument(last), ...more], kwargs });
      if (states && returnState) finals.push(...states.names.map((_, k): GraphRef => [layerName, k + 1]));
    }
  }
  return graph.spec("safetensors", name, [last, ...finals]);
}

/** Names of layers hold no slash, and differ. */
function unique(names: Set<string>, wanted: string): string {
  const clean = wanted.replaceAll("/", "_");
  let name = clean;
  for (let k = 2; names.has(name); k++) name = `${clean}_${k}`;
  names.add(name);
  return name;
}

/** @throws {ArgumentError} when more must be said. */
function inferred(state: StateDict): TorchModule[] {
  const prefixes = [...state.modules.keys()];
  const recurrent = prefixes.filter((prefix) => recurrentAt(state, prefix));
  const others = prefixes.filter((prefix) => !recurrent.includes(prefix));
  const [name, more] = recurrent;
  const found = name === undefined ? null : recurrentAt(state, name);
  if (!found) throw new FormatError(state.where, "a model, or { topology, weights }", "weights alone");
  const linear = others.every((prefix) => state.shapeOf(prefix, "weight").length === 2);
  if (more !== undefined || others.length > 1 || !linear) {
    const example = 'a list of modules in the order of forward, as [{ type: "lstm", name: "rnn" }, …]';
    throw new ArgumentError(`${state.where}, torch`, example, `none, and modules ${prefixes.join(", ")}`);
  }
  const module = { type: `${found.kind.toLowerCase()}${found.cell ? "cell" : ""}`, name } as TorchModule;
  return [module, ...others.map((prefix): TorchModule => ({ type: "linear", name: prefix }))];
}

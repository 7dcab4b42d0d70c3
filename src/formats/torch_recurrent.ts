/** nn.LSTM, nn.GRU, nn.RNN and their cells → layers. */
import { ArgumentError, show, UnsupportedError } from "../errors";
import type { JsonObject, NamedWeight } from "../spec";
import { kerasObject } from "./graph_writer";
import { keyOf, type StateDict } from "./state_dict";
import { CELLS, type CellKind, kerasCell } from "./torch_cells";
import type { RecurrentOutput, TorchRecurrent } from "./torch_modules";
import { agree, type Part, type PartContext, type PartLayer } from "./torch_part";

const KINDS: Readonly<Record<TorchRecurrent["type"], CellKind>> = {
  lstm: "LSTM",
  gru: "GRU",
  rnn: "RNN",
  lstmcell: "LSTM",
  grucell: "GRU",
  rnncell: "RNN",
};

const OUTPUTS: readonly RecurrentOutput[] = ["sequence", "last", "hidden"];
const SETTINGS = ["output", "packed", "initialState", "returnState", "nonlinearity", "batchFirst"];

/** A recurrent module that a state dict holds. */
export interface FoundRecurrent {
  readonly kind: CellKind;
  readonly cell: boolean;
}

/** LSTM, GRU or RNN, by the rows that every unit has; null where there is none. */
export function recurrentAt(state: StateDict, prefix: string): FoundRecurrent | null {
  const cell = state.has(keyOf(prefix, "weight_hh"));
  const suffix = cell ? "" : "_l0";
  const [rows = 0, columns = 0] = state.shapeOf(prefix, `weight_hh${suffix}`);
  // A projection narrows what comes back, not the gates; only an LSTM has one.
  if (state.has(keyOf(prefix, `weight_hr${suffix}`))) return { kind: "LSTM", cell };
  const kinds = Object.keys(CELLS) as CellKind[];
  const kind = kinds.find((k) => columns > 0 && rows === CELLS[k].gates.length * columns);
  return kind ? { kind, cell } : null;
}

/** Whether it is of this type. */
export function isOfType(found: FoundRecurrent | null, type: string): boolean {
  return found !== null && type === `${found.kind.toLowerCase()}${found.cell ? "cell" : ""}`;
}

interface Direction {
  readonly weights: readonly NamedWeight[];
  readonly inputs: number;
  readonly units: number;
}

/** @throws {WeightError} @throws {ArgumentError} @throws {UnsupportedError} for `proj_size`. */
export function recurrentPart(context: PartContext, prefix: string, module: TorchRecurrent): Part {
  const { state, where } = context;
  const kind = KINDS[module.type];
  const cell = module.type.endsWith("cell");
  const { output = "sequence", packed = false, nonlinearity = "tanh", batchFirst = true as boolean } = module;
  if (!OUTPUTS.includes(output))
    throw new ArgumentError(`${where}.output`, `one of ${OUTPUTS.join(", ")}`, show(output));
  if (nonlinearity !== "tanh" && (kind !== "RNN" || nonlinearity !== "relu")) {
    throw new ArgumentError(`${where}.nonlinearity`, kind === "RNN" ? "tanh or relu" : "tanh", show(nonlinearity));
  }
  if (!batchFirst) {
    throw new UnsupportedError(`${where}.batchFirst`, "true; models take [batch, timesteps, features]", "false");
  }
  const suffixes = cell ? [""] : layersOf(state, prefix);
  const [first = ""] = suffixes;
  const both = !cell && state.has(keyOf(prefix, `weight_ih${first}_reverse`));
  const layers: PartLayer[] = [];
  let [width, inputs] = [0, 0];
  for (const [i, suffix] of suffixes.entries()) {
    const turns = both ? [suffix, `${suffix}_reverse`] : [suffix];
    const directions = turns.map((turn) => readDirection(state, kind, prefix, turn, i === 0 ? null : width));
    const [{ units, weights, inputs: features }] = directions as [Direction];
    if (i === 0) inputs = features;
    width = units * directions.length;
    const wanted = i === suffixes.length - 1 && sameAsHidden(output, both, packed) ? "hidden" : "sequence";
    const config: JsonObject = {
      units,
      use_bias: weights.length === 3,
      return_sequences: wanted === "sequence",
      return_state: module.returnState === true,
      // What is kept at the end is the last real output, not the zero of a padded place.
      ...(packed && wanted === "sequence" && { zero_output_for_mask: true }),
      ...(nonlinearity === "relu" && { activation: "relu" }),
    };
    const all = directions.flatMap((direction) => direction.weights);
    const names = turns.flatMap((turn) => (kind === "LSTM" ? ["h", "c"] : ["h"]).map((letter) => `${letter}0${turn}`));
    layers.push({ ...layerOf(kind, config, both), weights: all, states: { names, units } });
  }
  if (output === "last" && !sameAsHidden(output, both, packed)) layers.push(lastStep);
  const bias = layers[0]?.weights?.some(({ name }) => name === "bias") ?? false;
  const found = { inputSize: inputs, hiddenSize: width / (both ? 2 : 1), numLayers: suffixes.length, bias };
  agree(context, module, { ...found, bidirectional: both }, SETTINGS);
  return { takes: inputs, gives: width, timed: true, layers };
}

/** Keras' last output is the last hidden state of each direction. */
function sameAsHidden(output: RecurrentOutput, both: boolean, packed: boolean): boolean {
  return output === "hidden" || (output === "last" && !both && !packed);
}

const everything = { class_name: "__slice__", config: { start: null, stop: null, step: null } };
const lastStep: PartLayer = {
  className: "GetItem",
  module: "keras.src.ops.numpy",
  config: {},
  more: [[everything, -1]],
};

/** `_l0`, `_l1`, … as many as there are; the first even where it is missing. */
function layersOf(state: StateDict, prefix: string): string[] {
  const suffixes = ["_l0"];
  while (state.has(keyOf(prefix, `weight_ih_l${suffixes.length}`))) suffixes.push(`_l${suffixes.length}`);
  return suffixes;
}

function readDirection(
  state: StateDict,
  kind: CellKind,
  prefix: string,
  suffix: string,
  inputs: number | null,
): Direction {
  const key = (tensor: string) => keyOf(prefix, `${tensor}${suffix}`);
  if (state.has(key("weight_hr"))) {
    throw new UnsupportedError(`${state.where}, ${key("weight_hr")}`, "an LSTM without proj_size", "one with it");
  }
  const gates = CELLS[kind].gates.length;
  const recurrentWeight = state.take(key("weight_hh"), [null, null]);
  const units = recurrentWeight.shape[1] as number;
  state.take(key("weight_hh"), [gates * units, units]);
  const inputWeight = state.take(key("weight_ih"), [gates * units, inputs]);
  const biased = state.has(key("bias_ih")) || state.has(key("bias_hh"));
  const bias = (tensor: string) => (biased ? state.take(key(tensor), [gates * units]) : undefined);
  const cell = { inputWeight, recurrentWeight, inputBias: bias("bias_ih"), recurrentBias: bias("bias_hh") };
  const weights = kerasCell(kind, cell, `${state.where}, ${key("weight_ih")}`);
  return { weights, units, inputs: inputWeight.shape[1] as number };
}

function layerOf(kind: CellKind, config: JsonObject, both: boolean): PartLayer {
  const { className } = CELLS[kind];
  const whole = kind === "GRU" ? { ...config, reset_after: true } : config;
  if (!both) return { className, config: whole };
  const layer = kerasObject(className, { name: className.toLowerCase(), ...whole });
  return { className: "Bidirectional", config: { layer, merge_mode: "concat" } };
}

/** GuitarML and Automated-GuitarAmpModelling: a PyTorch `state_dict` in JSON, one recurrent layer and a linear one. */
import { FormatError, show, UnsupportedError } from "../errors";
import type { JsonObject, ModelSpec, WeightTensor } from "../spec";
import { type BuiltLayer, builtSpec, countOf, nestedArray } from "./built";
import { isObject } from "./json";
import type { Allowance } from "./limits";
import { CELLS, type CellKind, kerasCell, kerasDense } from "./torch_cells";

/**
 * `{ model_data: { unit_type, input_size, hidden_size, num_layers?, skip }, state_dict: { "rec.…", "lin.…" } }`;
 * the first `skip` features of the input are added to the output.
 *
 * @throws {FormatError} when weights are missing or misshapen. @throws {UnsupportedError} for other units.
 * @throws {LimitError}
 */
export function readGuitarml(json: JsonObject, name: string, allowance: Allowance): ModelSpec {
  const { model_data: data, state_dict: state } = json;
  if (!isObject(data) || !isObject(state)) throw new FormatError(name, "model_data and state_dict", show(data));
  const kind = data.unit_type;
  if (typeof kind !== "string" || !Object.hasOwn(CELLS, kind)) {
    throw new UnsupportedError(`${name}, unit_type`, `one of ${Object.keys(CELLS).join(", ")}`, show(kind));
  }
  const weight = (key: string): WeightTensor | undefined =>
    state[key] === undefined ? undefined : nestedArray(state[key], `${name}, ${key}`, allowance);
  const needed = (key: string): WeightTensor => {
    const found = weight(key);
    if (!found) throw new FormatError(`${name}, state_dict`, key, Object.keys(state).join(", "));
    return found;
  };
  const layers: BuiltLayer[] = [];
  const count = countOf(data.num_layers ?? 1, `${name}, num_layers`);
  const units = countOf(data.hidden_size, `${name}, hidden_size`);
  for (let i = 0; i < count; i++) {
    const cell = {
      inputWeight: needed(`rec.weight_ih_l${i}`),
      recurrentWeight: needed(`rec.weight_hh_l${i}`),
      inputBias: weight(`rec.bias_ih_l${i}`),
      recurrentBias: weight(`rec.bias_hh_l${i}`),
    };
    const weights = kerasCell(kind as CellKind, cell, `${name}, rec ${i}`);
    const config = { units, return_sequences: true, use_bias: weights.length === 3 };
    layers.push({ className: CELLS[kind as CellKind].className, config, weights });
  }
  const weights = kerasDense(needed("lin.weight"), weight("lin.bias"), `${name}, lin`);
  const outputs = weights[0]!.tensor.shape[1]!;
  layers.push({ className: "Dense", config: { units: outputs, use_bias: weights.length === 2 }, weights });
  const features = countOf(data.input_size ?? 1, `${name}, input_size`);
  const skip = data.skip === undefined || data.skip === 0 ? 0 : countOf(Number(data.skip), `${name}, skip`);
  if (skip > features) throw new FormatError(`${name}, skip`, `at most ${features} features`, String(skip));
  return builtSpec({ format: "guitarml", name, inputShape: [null, features], layers, skip });
}

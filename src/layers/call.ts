/** The arguments of a call with numbers, brought into one form. */

import { ArgumentError, ShapeError, showShape, UnsupportedError } from "../errors";
import { checkOptions } from "../options";
import { isTensorShaped, type Tensor, type TensorData, type TensorLike, tensor, toTensor } from "../tensor";

/** What a layer may be called with besides its inputs. */
export interface CallOptions<T> {
  /** [batch, timesteps], true where the timestep counts; a list for layers with several inputs. */
  mask?: T | readonly (T | null)[] | null;
  /** One flat list: cell by cell, h before c, forward before backward; each [batch, units]. */
  initialState?: readonly T[] | T | null;
  /** Only `false`: this library runs networks. */
  training?: false;
}

/** Numbers in the order in which a layer's plan takes them: inputs, states, masks. */
export interface EagerCall {
  readonly inputs: readonly Tensor[];
  readonly states: readonly Tensor[];
  /** One an input. */
  readonly masks: readonly (Tensor | undefined)[];
  /** Further arguments of the layer's own, plain values. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly data: readonly TensorData[];
}

const COMMON = ["mask", "initialState", "training"];

/**
 * Checks what was typed.
 *
 * @param takesList A list is several inputs, not one nested array.
 * @param own Names of the arguments that this layer takes besides.
 */
export function concreteCall(
  where: string,
  takesList: boolean,
  own: readonly string[],
  x: TensorLike | readonly TensorLike[],
  options: CallOptions<TensorLike>,
): EagerCall {
  const args = checkedArguments(where, own, options);
  const isList = Array.isArray(x) && (takesList || x.some(isTensorShaped));
  const inputs = isList ? (x as readonly TensorLike[]).map(toTensor) : [toTensor(x as TensorLike)];
  const states = statesOf(options).map(toTensor);
  const given = isList && Array.isArray(options.mask) ? options.mask : [options.mask];
  const masks: (Tensor | undefined)[] = [];
  const data: TensorData[] = [];
  // Loops, because this runs before every call of a layer.
  for (const input of inputs) {
    refuseEmpty(where, input.shape);
    masks.push(maskTensor(where, given[masks.length] as TensorLike | null | undefined, input));
    data.push(input.data);
  }
  for (const state of states) data.push(state.data);
  for (const mask of masks) if (mask) data.push(mask.data);
  return { inputs, states, masks, args, data };
}

/** A batch of nothing is one, a sample of nothing is none. */
function refuseEmpty(where: string, shape: readonly number[]): void {
  if (shape.indexOf(0, 1) < 0) return;
  const wanted = shape.length > 2 && shape[1] === 0 ? "at least one timestep" : "at least one element along each axis";
  throw new ShapeError(where, wanted, showShape(shape));
}

/** Refuses arguments that the layer does not know; returns those that are its own. */
export function checkedArguments(where: string, own: readonly string[], options: object): Record<string, unknown> {
  checkOptions(options, where, "apply");
  const args: Record<string, unknown> = {};
  for (const key of Object.keys(options)) {
    if (own.includes(key)) args[key] = (options as Record<string, unknown>)[key];
    else if (!COMMON.includes(key)) {
      throw new ArgumentError(`${where}.apply`, `arguments among ${[...COMMON, ...own].join(", ")}`, key);
    }
  }
  if ((options as { training?: boolean }).training) {
    throw new UnsupportedError(`${where}.apply, training`, "false", "true");
  }
  return args;
}

/** The states of a call as a list. */
export function statesOf<T>(options: CallOptions<T>): readonly T[] {
  const given = options.initialState;
  if (given === undefined || given === null) return [];
  return Array.isArray(given) ? given : [given as T];
}

/** A mask as bool [batch, timesteps]; [batch, timesteps, 1] is taken too, and numbers count as true unless 0. */
function maskTensor(where: string, given: TensorLike | null | undefined, input: Tensor): Tensor | undefined {
  if (given === undefined || given === null) return undefined;
  const mask = toTensor(given);
  const shape = mask.shape.length === 3 && mask.shape[2] === 1 ? mask.shape.slice(0, 2) : mask.shape;
  const fits = (d: number, axis: number) => axis > 1 || d === input.shape[axis] || d === 1;
  if (shape.length > input.shape.length || !shape.every(fits)) {
    const wanted = showShape(input.shape.slice(0, 2));
    throw new ShapeError(`${where}, mask`, wanted, showShape(mask.shape));
  }
  return tensor(mask.data, shape, "bool");
}

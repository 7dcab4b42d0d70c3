/** What a call gives a model, in the order and with the types of its inputs. */

import { ArgumentError, show } from "../errors";
import type { OnnxValue } from "../spec";
import { isTensorShaped, sizeOf, Tensor, type TensorLike, tensor, toTensor } from "../tensor";
import type { OnnxInput } from "./shapes";
import { Known, kindOf } from "./value";

/** A tensor, a list in the order of the inputs, or one tensor an input name. States may be left out. */
export type OnnxModelInput = TensorLike | readonly TensorLike[] | Readonly<Record<string, TensorLike>>;

/**
 * The tensors in the model's order; undefined for states left out.
 * @param states The names of inputs that are states.
 */
export function tensorsInOrder(
  where: string,
  inputs: readonly OnnxInput[],
  states: ReadonlySet<string>,
  x: OnnxModelInput,
): (Tensor | undefined)[] {
  const needed = inputs.filter(({ name }) => !states.has(name));
  const byName = namedInputs(where, inputs, needed, x);
  return inputs.map((input) => {
    const value = byName.get(input.name);
    if (value !== undefined) return typed(where, input, toTensor(value));
    if (states.has(input.name)) return undefined;
    throw new ArgumentError(`${where}.predict, input ${input.name}`, "a tensor", "nothing");
  });
}

function namedInputs(
  where: string,
  inputs: readonly OnnxInput[],
  needed: readonly OnnxInput[],
  x: OnnxModelInput,
): Map<string, TensorLike> {
  const alone = typeof x !== "object" || x === null || isTensorShaped(x) || ArrayBuffer.isView(x);
  if (!alone && !Array.isArray(x)) {
    const odd = Object.keys(x).find((name) => !inputs.some((input) => input.name === name));
    if (odd === undefined) return new Map(Object.entries(x));
    throw new ArgumentError(`${where}.predict`, `inputs named ${inputs.map(({ name }) => name).join(", ")}`, odd);
  }
  const isList = !alone && (needed.length > 1 || (x as readonly unknown[]).some(isTensorShaped));
  const list = isList ? (x as readonly TensorLike[]) : [x as TensorLike];
  const taken = list.length === inputs.length ? inputs : needed;
  if (list.length === taken.length) return new Map(taken.map(({ name }, k) => [name, list[k] as TensorLike]));
  throw new ArgumentError(`${where}.predict`, `${needed.length} inputs`, String(list.length));
}

/** With the type that the model declares. @throws {ArgumentError} for fractions where whole numbers are taken. */
export function typed(where: string, { name, dtype }: OnnxInput, given: Tensor): Tensor {
  const kind = kindOf(dtype);
  if (given.dtype === kind) return given;
  try {
    return new Tensor(given.shape, kind, tensor(given.data, [sizeOf(given.shape)], kind).data);
  } catch (cause) {
    throw new ArgumentError(`${where}, input ${name}`, `numbers of type ${dtype}`, show(given), { cause });
  }
}

/** An input that never changes. */
export function constantInput(where: string, input: OnnxValue, value: TensorLike): Known {
  const { shape, data } = typed(where, input, toTensor(value));
  const numbers = kindOf(input.dtype) === "float32" ? Float32Array.from(data) : Float64Array.from(data);
  return new Known(input.shape?.length === 0 ? [] : shape, input.dtype, numbers);
}

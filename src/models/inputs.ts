/** The inputs of a model, however they were given. */

import { ArgumentError } from "../errors";
import type { SymbolicTensor } from "../layers/symbolic";
import { isTensorShaped, Tensor, type TensorLike, toTensor } from "../tensor";

/** What a model takes: a tensor, a list in the order of the inputs, or one tensor an input name. */
export type ModelInput = TensorLike | readonly TensorLike[] | Readonly<Record<string, TensorLike>>;

/** What is asked of the model; it may have no inputs yet. */
interface Taker {
  readonly name: string;
  readonly inputs: readonly SymbolicTensor[];
  readonly takesList: boolean;
}

/** The tensors in the model's order. */
export function inputsInOrder(model: Taker, x: ModelInput): readonly Tensor[] {
  const alone = isTensorShaped(x) || typeof x !== "object" || x === null || ArrayBuffer.isView(x);
  if (alone) return [toTensor(x as TensorLike)];
  if (!Array.isArray(x)) return byName(model, x as Readonly<Record<string, TensorLike>>);
  return x.some(isTensorShaped) || model.takesList ? x.map(toTensor) : [toTensor(x)];
}

function byName(model: Taker, x: Readonly<Record<string, TensorLike>>): readonly Tensor[] {
  const names = model.inputs.map((t) => t.layer.name);
  const unknown = Object.keys(x).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ArgumentError(`${model.name}.predict`, `inputs named ${names.join(", ")}`, unknown);
  }
  return names.map((name) => {
    const value = x[name];
    if (value === undefined) throw new ArgumentError(`${model.name}.predict, input ${name}`, "a tensor", "nothing");
    return toTensor(value);
  });
}

/** As Keras: a last axis of one element may be missing, or be there in addition. */
export function withRankOf(t: Tensor, input: SymbolicTensor | undefined): Tensor {
  if (!input || t.shape.length === input.shape.length) return t;
  const rank = input.shape.length;
  if (t.shape.length === rank + 1 && t.shape.at(-1) === 1) return new Tensor(t.shape.slice(0, -1), t.dtype, t.data);
  if (t.shape.length === rank - 1 && input.shape.at(-1) === 1) return new Tensor([...t.shape, 1], t.dtype, t.data);
  return t;
}

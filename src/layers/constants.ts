/** Options that are arrays of numbers. */

import { ConfigError, show } from "../errors";
import { type Tensor, type TensorLike, toTensor } from "../tensor";

/** A number, nested lists, or an array as Keras writes NumPy's. */
export type ArrayOption =
  | TensorLike
  | { readonly class_name: "__numpy__"; readonly config: { readonly value: TensorLike } };

/** An option as a tensor of finite numbers. */
export function arrayOption(where: string, value: unknown): Tensor {
  const written = value as { class_name?: unknown; config?: { value?: unknown } } | null;
  const plain = written?.class_name === "__numpy__" ? written.config?.value : value;
  try {
    const tensor = toTensor(plain as TensorLike);
    if (tensor.data.every((v) => Number.isFinite(v))) return tensor;
  } catch (cause) {
    throw new ConfigError(where, "numbers in nested lists", show(plain), { cause });
  }
  throw new ConfigError(where, "finite numbers", "NaN or infinity");
}

/** How a user's own layer or cell gets its weights. */

import { getInitializer, type Initializer, type InitializerOption } from "../initializers";
import { Tensor } from "../tensor";
import type { Weight } from "./weight";

/** What `build` of a user's own layer or cell is given besides the input shape. */
export interface WeightScope {
  /**
   * Makes a weight: files load it, `getWeights` gives it, `setWeights` sets it.
   *
   * @param initializer Default `glorot_uniform`.
   * @returns the numbers as a tensor that stays the same object: it follows when the weight is set.
   */
  addWeight(name: string, shape: readonly number[], initializer?: InitializerOption): Tensor;
}

/** The scope of one layer. */
export function weightScope(
  where: string,
  add: (name: string, shape: readonly number[], initializer: Initializer) => Weight,
): WeightScope {
  return {
    addWeight(name, shape, initializer = "glorot_uniform") {
      const weight = add(name, shape, getInitializer(`${where}.addWeight, ${name}`, initializer));
      return new Tensor(weight.shape, "float32", weight.data);
    },
  };
}

/** The JavaScript class of a user's object, unless it has none. */
export function classNameOf(definition: object, otherwise: string): string {
  const { name } = definition.constructor ?? {};
  return name === undefined || name === "" || name === "Object" ? otherwise : name;
}

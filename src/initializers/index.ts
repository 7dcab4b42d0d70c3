/** First numbers for weights, seeded and the same on every engine. */

import { type Initializer, KINDS } from "./kinds";
import { type InitializerOption, kerasObject, resolve } from "./resolve";

export { initializers } from "./factories";
export type { Initializer } from "./kinds";
export type { InitializerOption } from "./resolve";

/**
 * The initializer that an option names; null means `glorot_uniform`, as in Keras.
 *
 * One that a file describes matters only where a weight is missing: what is wrong with it is said when it is used.
 *
 * @throws {ConfigError} for what a user typed, when the name or a value is not one that Keras knows.
 */
export function getInitializer(where: string, option: InitializerOption | null): Initializer {
  try {
    const { className, config } = resolve(where, option);
    return KINDS[className]!.make(where, config);
  } catch (cause) {
    if (typeof option !== "object" || !option || !("class_name" in option)) throw cause;
    return () => {
      throw cause;
    };
  }
}

/** An option as a Keras object, for configurations; what is not known stays as it is. */
export function initializerSpec(option: InitializerOption): InitializerOption {
  try {
    return kerasObject(resolve("initializer", option));
  } catch {
    return option;
  }
}

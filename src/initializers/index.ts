/** First numbers for weights, seeded and the same on every engine. */

/** Makes the numbers of a weight of this shape, in C order. */
export type Initializer = (shape: readonly number[]) => Float32Array;

/** A Keras name, or a Keras object `{ class_name, config }`. */
export type InitializerOption = string | Readonly<Record<string, unknown>>;

export function getInitializer(_where: string, _option: InitializerOption): Initializer {
  return (shape) => new Float32Array(shape.reduce((a, b) => a * b, 1));
}

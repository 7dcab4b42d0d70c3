import { expect } from "vitest";
import { type LayerJson, layerOf } from "./keras_case";
import { itConforms } from "./vectors";

type Shape = readonly (number | null)[];

interface ShapeCase {
  readonly id: string;
  readonly layer: LayerJson;
  readonly input_shape?: Shape;
  readonly input_shapes?: readonly Shape[];
  readonly output_shape?: Shape;
  readonly output_shapes?: readonly Shape[];
  readonly num_trainable_weights?: number;
  readonly num_non_trainable_weights?: number;
  readonly weight_shapes: readonly Shape[];
  readonly params: number;
}

function runShapeCase(c: ShapeCase): void {
  const inputs = c.input_shapes ?? [c.input_shape as Shape];
  const layer = layerOf(c.layer, inputs).build(inputs);
  const wanted = c.output_shapes ?? (c.output_shape && [c.output_shape]);
  if (wanted) expect(layer.outputShapes(inputs)).toEqual(wanted);
  expect(layer.weights.map((w) => w.shape)).toEqual(c.weight_shapes);
  expect(layer.countParams()).toBe(c.params);
  const trainable = layer.weights.filter((w) => w.trainable).length;
  expect(trainable).toBe(c.num_trainable_weights ?? trainable);
  expect(layer.weights.length - trainable).toBe(c.num_non_trainable_weights ?? layer.weights.length - trainable);
}

itConforms("keras_shapes.json", 72, runShapeCase, {
  "keras/relu/invalid_usage/1": "a negative max_value is refused: Keras' test asserts that",
  "keras/leaky_relu/invalid_usage/1": "a negative_slope of null is refused: Keras' test asserts that",
});
itConforms("tfjs_shapes.json", 37, runShapeCase);

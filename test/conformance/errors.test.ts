import { expect } from "vitest";
import { RecurraError } from "../../src/errors";
import { input } from "../../src/layers/input_layer";
import type { Layer, Result } from "../../src/layers/layer";
import * as ops from "../../src/ops";
import type { Tensor } from "../../src/tensor";
import { type LayerJson, layerOf } from "./keras_case";
import { itConforms } from "./vectors";

type Shape = readonly (number | null)[];

interface ErrorCase {
  readonly id: string;
  readonly when: "construct" | "build" | "call";
  readonly error: "ValueError" | null;
  readonly layer: LayerJson;
  readonly input_shape?: Shape;
  readonly mask_shape?: readonly number[] | null;
  readonly initial_state_shapes?: readonly Shape[];
  readonly output_shape?: Shape;
  readonly calls?: readonly { readonly input_shape: Shape; readonly raises: boolean }[];
}

/** Zeros of a shape, or a symbolic tensor where it is not all known. */
function sample(shape: Shape): never {
  const known = shape.every((d) => d !== null);
  return (known ? ops.zeros(shape as number[]) : input({ batchShape: shape })) as never;
}

function call(layer: Layer<Result>, c: ErrorCase, shape: Shape): unknown {
  return layer.apply(sample(shape), {
    ...(c.mask_shape ? { mask: ops.ones(c.mask_shape, "bool") } : {}),
    ...(c.initial_state_shapes ? { initialState: c.initial_state_shapes.map(sample) } : {}),
  } as object);
}

/** What is thrown must be an error of this library, with a message of its form. */
function expectRefusal(act: () => unknown): void {
  try {
    act();
  } catch (e) {
    expect(RecurraError.is(e) && e.message).toMatch(/^.+: expected .+, got .+/);
    return;
  }
  expect.fail("nothing was refused");
}

function runErrorCase(c: ErrorCase): void {
  const shapes = c.input_shape ? [c.input_shape] : [];
  const make = () => layerOf(c.layer, shapes);
  if (c.when === "construct") {
    expectRefusal(make);
    return;
  }
  const layer = make();
  for (const { input_shape, raises } of c.calls ?? []) {
    if (raises) expectRefusal(() => call(layer, c, input_shape));
    else call(layer, c, input_shape);
  }
  if (c.calls) return;
  const act = () => (c.when === "build" ? layer.build(shapes) : call(layer, c, c.input_shape as Shape));
  if (c.error) expectRefusal(act);
  else expect((act() as Tensor).shape).toEqual(c.output_shape);
}

itConforms("errors.json", 64, runErrorCase);

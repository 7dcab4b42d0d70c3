/** Runs golden cases: layers made of Keras' configuration, with Keras' weights, against Keras' answers. */

import { describe, expect, it } from "vitest";
import type { CallOptions } from "../../src/layers/call";
import { newReading, readLayer } from "../../src/layers/deserialize";
import type { Layer, Result } from "../../src/layers/layer";
import { statefulLayers } from "../../src/models/every_layer";
import { modelFromSpec } from "../../src/models/from_config";
import { type Tensor, type TensorLike, tensor } from "../../src/tensor";
import { type GoldenCall, type GoldenCase, type GoldenTensor, golden } from "../fixtures/golden";
import { BUILDS, expectClose, useBuild } from "../support";

/** Keras and this library add in other orders; every case is conditioned to allow it. */
const ATOL = 1e-5;
const RTOL = 1e-5;
/** Beyond this many steps rounding has had more time: twice the tolerance. */
const LONG = 500;

/** The cases of a topic whose layer is of one of these classes; all when none is named. */
function casesOf(topic: string, classNames: readonly string[]): GoldenCase[] {
  const cases = golden(topic).filter((c) => classNames.length === 0 || classNames.includes(c.layer?.class_name ?? ""));
  if (cases.length === 0) throw new Error(`golden/${topic}.json has no case of ${classNames.join(", ")}`);
  return cases;
}

/** On both builds, every case of these classes gives what Keras gives, its mask and its shapes included. */
export function itEqualsKeras(topic: string, ...classNames: string[]): void {
  describe.each(BUILDS)(`equals Keras on the %s build`, (build) => {
    useBuild(build);
    it.each(casesOf(topic, classNames).map((c) => [c.name, c] as const))("%s", (_, c) => runCase(c));
  });
}

function runCase(c: GoldenCase): void {
  const layer = readLayer(c.layer, c.name, newReading(3, { model: modelFromSpec }));
  const [first] = c.calls as [GoldenCall];
  layer.build(first.inputs.map((x) => x.shape));
  layer.setWeights(c.weights.map(asTensor));
  expect(layer.weights.map((w) => w.name)).toEqual(c.weights.map((w) => w.name));
  for (const call of c.calls) runCall(layer, call);
}

function runCall(layer: Layer<Result>, call: GoldenCall): void {
  if (call.reset) for (const stateful of statefulLayers(layer)) stateful.resetStates();
  const options = optionsOf(call);
  const slack = (call.inputs[0]?.shape[1] ?? 0) > LONG ? 2 : 1;
  const x = call.inputs.length === 1 ? asTensor(call.inputs[0] as GoldenTensor) : call.inputs.map(asTensor);
  const outputs = [layer.apply(x, options)].flat() as Tensor[];
  const shapes = layer.outputShapes(
    call.inputs.map((input) => input.shape),
    options as Record<string, unknown>,
  );
  expect(outputs.map((y) => y.shape)).toEqual(shapes);
  expect(outputs.length).toBe(call.expected.length);
  call.expected.forEach((wanted, k) => {
    expectClose(outputs[k] as Tensor, wanted, slack * ATOL, slack * RTOL);
  });
  const mask = layer.computeMask(x, options);
  if (call.expectedMask) expectClose(mask as Tensor, call.expectedMask, 0, 0);
  else expect(mask).toBeNull();
}

function optionsOf({ mask, masks, initialState, arguments: args = {} }: GoldenCall): CallOptions<TensorLike> {
  const own = Object.entries(args).map(([key, value]) => {
    return [key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value];
  });
  const given = masks?.map((m) => m && asTensor(m)) ?? (mask && asTensor(mask));
  return {
    ...Object.fromEntries(own),
    ...(given ? { mask: given } : {}),
    ...(initialState ? { initialState: initialState.map(asTensor) } : {}),
  };
}

function asTensor({ data, shape, dtype }: GoldenTensor): Tensor {
  return tensor(data, shape, dtype);
}

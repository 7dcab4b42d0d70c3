/** Whatever is given in the place of options: null, a list, a number. */

import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { workerBundle } from "../bench/worker_bundle";
import {
  configure,
  createBatcher,
  createPool,
  input,
  layers,
  loadModel,
  model,
  modelFromJSON,
  modelFromParts,
  type OnnxModel,
  ops,
  RecurraError,
  sequential,
  trace,
} from "../src/index";
import { randomTensor } from "./support";

const stack = readFileSync(new URL("fixtures/onnx/keras_stack.onnx", import.meta.url));
const onnx: OnnxModel = await loadModel(stack, { onnx: {} });
const frames = randomTensor([1, 6, 3], 1);

const m = sequential({ layers: [layers.gru({ units: 2, inputShape: [null, 3] })], name: "m" });
const x = randomTensor([1, 2, 3], 1);
const lstm = layers.lstm({ units: 2, name: "l" });
const batcher = createBatcher(m);
const stream = batcher.createStream();
const pool = await createPool(m, { threads: 1, worker: await workerBundle() });

afterAll(async () => {
  await batcher.close();
  await pool.close();
});

/** What is called, as messages name it, with something in the place of its options. */
const CALLS: Readonly<Record<string, (given: never) => unknown>> = {
  "m.predict": (given) => m.predict(x, given),
  "m.predictAsync": (given) => m.predictAsync(x, given),
  "m.createStream": (given) => m.createStream(given),
  "m.summary": (given) => m.summary(given),
  "m.toParts": (given) => m.toParts(given),
  "l.apply": (given) => lstm.apply(x, given),
  "l.apply of a symbol": (given) => lstm.apply(input({ shape: [2, 3] }), given),
  "l.apply for a mask": (given) => lstm.computeMask(x, given),
  lstm: (given) => layers.lstm(given),
  input: (given) => input(given),
  sequential: (given) => sequential(given),
  model: (given) => model(given),
  modelFromJSON: (given) => modelFromJSON(m.toJSON(), given),
  "modelFromJSON of parts": (given) => modelFromParts(m.toParts(), given),
  deserialize: (given) => layers.deserialize({ class_name: "Flatten", config: {} }, given),
  loadModel: (given) => loadModel(stack, given),
  [`${onnx.name}, onnx`]: (given) => loadModel(stack, { onnx: given }),
  [`${onnx.name}, onnx.inputShapes`]: (given) => loadModel(stack, { onnx: { inputShapes: given } }),
  [`${onnx.name}.predict`]: (given) => onnx.predict(frames, given),
  [`${onnx.name}.predictAsync`]: (given) => onnx.predictAsync(frames, given),
  [`${onnx.name}.createStream`]: (given) => onnx.createStream(given),
  [`${onnx.name}.summary`]: (given) => onnx.summary(given),
  trace: (given) => trace(lstm, x, given),
  "ops.relu": (given) => ops.relu(x, given),
  configure: (given) => configure(given),
  createBatcher: (given) => createBatcher(m, given),
  createPool: (given) => createPool(m, given),
  "m, batcher.predict": (given) => batcher.predict([[1, 2, 3]], given),
  "m, stream.step": (given) => stream.step([1, 2, 3], given),
  "m, stream.stepAll": (given) => batcher.stepAll([stream], [[1, 2, 3]], given),
  "m, pool.predict": (given) => pool.predict(x, given),
};

describe.each(Object.entries(CALLS))("%s", (named, call) => {
  const where = named.replace(/ (of|for) .*/, "");

  it.each([
    ["null", null],
    ["5", 5],
    ['"out"', "out"],
    ["[LSTM]", [lstm]],
    ["Float32Array", new Float32Array(2)],
  ])("refuses %s in the place of options", async (got, given) => {
    const run = async () => call(given as never);
    const error = await run().catch((e: unknown) => e);
    expect(RecurraError.is(error)).toBe(true);
    expect((error as Error).message).toBe(`${where}: expected an object of options, got ${got}`);
  });
});

it("models refuse options that they do not know, as layers do", () => {
  expect(() => sequential({ layer: [lstm] } as never)).toThrow(
    "sequential.layer: expected one of layers, engine, got an unknown option",
  );
  expect(() => sequential({ layers: null } as never)).toThrow("sequential.layers: expected a list of layers, got null");
  const ends = { inputs: input({ shape: [3] }), output: input({ shape: [3] }) };
  expect(() => model(ends as never)).toThrow("model.output: expected one of inputs, outputs, engine, got an unknown");
  expect(() => loadModel(stack, { onnx: { states: {} } } as never)).rejects.toThrow(
    "onnx: expected options among inputShapes, constants, state, got states",
  );
});

it("layers of one's own and states may be null, which is none", () => {
  const spec = { class_name: "Flatten", config: {} };
  expect(layers.deserialize(spec, { customLayers: null } as never).className).toBe("Flatten");
  const both = layers.bidirectional({ layer: layers.gru({ units: 2 }) });
  expect(trace(both, x, { initialState: null })).toHaveLength(2);
});

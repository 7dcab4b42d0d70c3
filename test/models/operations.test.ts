/** Operations in graphs give Keras' numbers, types included, whatever the batch; and say what they do not do. */
import { describe, expect, it } from "vitest";
import { ConfigError, UnsupportedError } from "../../src/errors";
import { modelFromJSON } from "../../src/models/from_json";
import { Tensor } from "../../src/tensor";
import { type GoldenCase, type GoldenTensor, golden } from "../fixtures/golden";
import { BUILDS, expectClose, useBuild } from "../support";

/** float32 on both sides, one operation. */
const TOLERANCE = 2e-6;

const cases = golden("operations");
const asTensor = ({ data, shape, dtype }: GoldenTensor) => new Tensor(shape, dtype, data);
const list = (result: Tensor | Tensor[]) => [result].flat();

describe.each(BUILDS)("operations equal Keras on the %s build", (build) => {
  useBuild(build);

  it("knows the cases", () => expect(cases).toHaveLength(190));

  it.each(cases.map((c) => [c.name, c] as const))("%s", (_, { model, calls: [call] }) => {
    const m = modelFromJSON(model as object);
    const inputs = call!.inputs.map(asTensor);
    const results = list(m.predict(inputs));
    expect(results).toHaveLength(call!.expected.length);
    call!.expected.forEach((wanted, k) => {
      expectClose(results[k]!, wanted, TOLERANCE, TOLERANCE);
      expect(results[k]!.dtype).toBe(wanted.dtype);
      expect(m.outputs[k]!.dtype).toBe(wanted.dtype);
      expect(m.outputs[k]!.shape.slice(1)).toEqual(wanted.shape.slice(1));
    });
    expect(list(m.predict(inputs, { batchSize: 1 }))).toEqual(results);
  });
});

describe("operations say what they do not do", () => {
  /** The model of a case with one value of its operation, or of its call, changed. */
  const changed = (name: string, key: string, value: unknown) => {
    const { model } = cases.find((c) => c.name === name) as GoldenCase;
    const copy = structuredClone(model) as { config: { layers: Record<string, Record<string, unknown>>[] } };
    const operation = copy.config.layers.at(-1)!;
    if (key in operation.config!) operation.config![key] = value;
    else (operation.inbound_nodes as unknown as { args: unknown[] }[])[0]!.args[Number(key)] = value;
    return () => modelFromJSON(copy);
  };
  const slice = (start: unknown, stop: unknown, step: unknown) => ({
    class_name: "__slice__",
    config: { start, stop, step },
  });
  const all = slice(null, null, null);

  it.each<[string, () => unknown, new (...args: never[]) => Error, RegExp]>([
    [
      "sums over samples",
      changed("sum, axis", "axis", [0, 1]),
      UnsupportedError,
      /operation Sum \(sum.*\): expected work within each sample, got joining elements along the axis of samples/,
    ],
    [
      "sums over everything",
      changed("sum, axis", "axis", null),
      UnsupportedError,
      /joining elements along the axis of samples/,
    ],
    ["picks samples", changed("item, last", "1", [0, -1]), UnsupportedError, /a choice along the axis of samples/],
    [
      "sorts samples",
      changed("transpose", "axes", [1, 0, 2, 3]),
      UnsupportedError,
      /another order along the axis of samples/,
    ],
    ["joins samples", changed("concatenate", "axis", 0), UnsupportedError, /moving elements along the axis of samples/],
    ["repeats samples", changed("tile", "repeats", [2, 1, 1]), UnsupportedError, /repeating along the axis of samples/],
    [
      "pads samples",
      changed("pad", "pad_width", [
        [1, 0],
        [0, 0],
        [0, 0],
      ]),
      UnsupportedError,
      /padding along the axis of samples/,
    ],
    ["reflects", changed("pad", "mode", "reflect"), UnsupportedError, /mode: expected "constant", got reflect/],
    ["an axis that is not there", changed("sum, axis", "axis", 4), ConfigError, /axis: expected an axis of 4, got 4/],
    [
      "an axis that is no number",
      changed("sum, axis", "axis", "rows"),
      ConfigError,
      /axis: expected whole numbers, got "rows"/,
    ],
    [
      "an index that is not there",
      () => predicted("item, last", "1", [all, 9]),
      ConfigError,
      /key: expected an index into 4 elements, got 9/,
    ],
    [
      "more indices than axes",
      changed("item, last", "1", [all, 0, 0, 0]),
      ConfigError,
      /expected at most 3 indices, got 4/,
    ],
    ["a step of nothing", changed("item, last", "1", [all, slice(0, 2, 0)]), ConfigError, /a step other than 0/],
    [
      "a list of indices",
      changed("item, last", "1", [all, [0, 1]]),
      UnsupportedError,
      /key: expected whole numbers, slices, \.\.\. and None/,
    ],
    [
      "shapes that do not fit",
      () => predicted("reshape", "newshape", [-1, 5]),
      ConfigError,
      /newshape: expected a shape/,
    ],
    ["an axis that is no single one", changed("squeeze, axes", "axis", [2]), ConfigError, /an axis of one element/],
    ["parts that do not divide", changed("split", "indices_or_sections", 3), ConfigError, /a divisor of 4, got 3/],
    ["sums of one operand", changed("einsum", "subscripts", "bij,bkl->bik"), UnsupportedError, /subscripts/],
    [
      "words for numbers",
      () => predicted("clip", "x_min", "low"),
      UnsupportedError,
      /x_min: expected a tensor or numbers/,
    ],
  ])("%s", (_, run, type, message) => {
    expect(run).toThrow(type);
    expect(run).toThrow(message);
  });

  const predicted = (name: string, key: string, value: unknown) => {
    const inputs = (cases.find((c) => c.name === name) as GoldenCase).calls[0]!.inputs.map(asTensor);
    return changed(name, key, value)().predict(inputs);
  };
});

import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as layers from "../../src/layers/index";
import { golden } from "../fixtures/golden";

/** Every factory that the documentation names. */
const FACTORIES = [
  ..."simpleRNN lstm gru rnn simpleRNNCell lstmCell gruCell stackedRNNCells bidirectional timeDistributed".split(" "),
  ..."inputLayer embedding masking dense activation dropout spatialDropout1d gaussianNoise gaussianDropout".split(" "),
  ..."alphaDropout activityRegularization identity rescaling normalization flatten reshape permute".split(" "),
  ..."repeatVector concatenate add subtract multiply average maximum minimum dot attention".split(" "),
  ..."additiveAttention multiHeadAttention batchNormalization layerNormalization groupNormalization".split(" "),
  ..."conv1d separableConv1d conv2d maxPooling1d maxPooling2d averagePooling1d globalMaxPooling1d".split(" "),
  ..."globalAveragePooling1d globalAveragePooling2d zeroPadding1d cropping1d upSampling1d softmax".split(" "),
  ..."relu leakyReLU prelu elu deserialize input".split(" "),
];

const exported = new Map(Object.entries(layers as object));

describe("recurra/layers", () => {
  it.each(FACTORIES)("exports %s", (name) => {
    expect(typeof exported.get(name)).toBe("function");
  });

  it("exports the class of every layer that golden data knows", () => {
    const topics = readdirSync(new URL("../fixtures/golden", import.meta.url)).filter((name) => name.endsWith(".json"));
    const cases = topics.flatMap((topic) => golden(topic.replace(".json", "")));
    const classes = new Set(cases.flatMap((c) => c.layer?.class_name ?? []));
    expect(classes.size).toBeGreaterThan(50);
    expect([...classes].filter((name) => typeof exported.get(name) !== "function")).toEqual([]);
  });
});

it("refuses Lambda by name", () => {
  const lambda = { class_name: "Lambda", config: { name: "code" } };
  expect(() => layers.deserialize(lambda)).toThrow("Lambda, which is Python code");
});

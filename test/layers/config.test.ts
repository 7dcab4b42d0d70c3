/** Names, defaults and order of options are Keras'. */

import { describe, expect, it } from "vitest";
import * as layers from "../../src/layers/index";
import { readFixture } from "../fixtures/golden";

type Config = Record<string, unknown>;
interface Row {
  class_name: string;
  required: Config;
  serialized: { class_name: string; config: Config };
}

const { layers: rows } = readFixture("config/defaults.json") as { layers: Row[] };

/** Classes whose file is not beside this one's subject. */
const RECURRENT = /RNN|LSTM|GRU|Bidirectional|TimeDistributed|Embedding|Masking|InputLayer/;
const here = rows.filter((row) => !RECURRENT.test(row.class_name)).map((row) => [row.class_name, row] as const);

/** Keras' configuration with the type by its name, and without what only quantized layers have. */
function plain(config: Config): Config {
  const { dtype, quantization_config: _, ...rest } = config;
  return { ...rest, dtype: (dtype as { config?: { name: string } }).config?.name ?? dtype };
}

/** Every export by its name. */
const exported = new Map(Object.entries(layers as object));

/** Makes a layer of Keras' options, as a user would. */
function make(className: string, given: Config): layers.Layer {
  const options = Object.entries(given).map(([key, value]) => {
    return [key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value];
  });
  return exported.get(factoryOf(className))(Object.fromEntries(options));
}

function factoryOf(className: string): string {
  const special: Record<string, string> = { ReLU: "relu", ELU: "elu", PReLU: "prelu", LeakyReLU: "leakyReLU" };
  const name = className.replace(/\dD$/, (end) => end.toLowerCase());
  return special[className] ?? name[0]?.toLowerCase() + name.slice(1);
}

describe("every layer", () => {
  it("has a row to compare with", () => {
    expect(here.length).toBe(46);
  });

  it.each(here)("%s has Keras' options, defaults and order", (className, { required, serialized }) => {
    const made = make(className, { ...required, name: "it" });
    expect(made.className).toBe(className);
    expect(made.getConfig()).toEqual(plain(serialized.config));
    const order = (config: Config) => Object.keys(config).filter((key) => key !== "quantization_config");
    if (className === "ELU") return; // Keras writes down its arguments as they come
    expect(order(made.getConfig())).toEqual(order(serialized.config));
  });

  it.each(here)("%s is the same again when made of its configuration", (className, { serialized }) => {
    const made = layers.deserialize(serialized);
    const again = layers.deserialize({ class_name: className, config: made.getConfig() });
    expect(again.getConfig()).toEqual(made.getConfig());
    expect(JSON.parse(JSON.stringify(made.getConfig()))).toEqual(plain(serialized.config));
  });

  it.each(here)("%s keeps name, trainable and activityRegularizer", (className, { serialized }) => {
    const activity_regularizer = { module: "keras.regularizers", class_name: "L2", config: { l2: 0.01 } };
    const config = { ...serialized.config, name: "other", trainable: false, activity_regularizer };
    const made = layers.deserialize({ class_name: className, config });
    expect(made.trainable).toBe(false);
    if (className === "SpatialDropout1D") return; // Keras writes neither
    expect(made.getConfig()).toMatchObject({ name: "other", trainable: false, activity_regularizer });
  });

  it.each(here)("%s refuses options that it does not know, by name", (className, { required }) => {
    const refusal = `${factoryOf(className)}.colour: expected one of`;
    expect(() => make(className, { ...required, colour: 1 })).toThrow(refusal);
  });
});

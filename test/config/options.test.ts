import { describe, expect, it } from "vitest";
import { dialectOf } from "../../src/config/dialect";
import { objectList, objectSpec } from "../../src/config/object";
import { activationName, camelKey, optionsFromConfig, policyName } from "../../src/config/options";

describe("dialectOf", () => {
  it.each([
    ["3.9.2", 3],
    ["3.16.0-dev", 3],
    ["2.2.4-tf", 2],
    ["2.15.0", 2],
    ["tfjs-layers 4.22.0", 2],
    [2, 2],
    [3, 3],
    [null, 3],
    ["unknown", 3],
  ] as const)("%s is dialect %i", (version, dialect) => {
    expect(dialectOf(version, "m.h5")).toBe(dialect);
  });

  it("takes what silence means from the caller, and refuses Keras 1", () => {
    expect(dialectOf(null, "m.h5", 2)).toBe(2);
    expect(() => dialectOf("1.2.2", "m.h5")).toThrow("m.h5: expected a file of Keras 2.0 or newer, got Keras 1.2.2");
  });
});

describe("optionsFromConfig", () => {
  const policy = {
    class_name: "DTypePolicy",
    config: { name: "mixed_float16" },
    module: "keras",
    registered_name: null,
  };

  it("puts keys into camelCase and leaves Keras objects raw", () => {
    const initializer = { class_name: "Zeros", config: {} };
    const config = { units: 3, return_sequences: true, bias_initializer: initializer, dtype: policy, activation: null };
    expect(optionsFromConfig("LSTM", config, 3, "lstm")).toEqual({
      units: 3,
      returnSequences: true,
      biasInitializer: initializer,
      dtype: "mixed_float16",
      activation: null,
    });
    expect(camelKey("zero_output_for_mask")).toBe("zeroOutputForMask");
    expect(camelKey("batch_input_shape")).toBe("batchInputShape");
  });

  it("reads the old hard sigmoid and the old default of a GRU only in dialect 2", () => {
    const config = { units: 2, recurrent_activation: "hard_sigmoid" };
    expect(optionsFromConfig("GRU", config, 2, "gru")).toEqual({
      units: 2,
      recurrentActivation: "hard_sigmoid_keras2",
      resetAfter: false,
    });
    expect(optionsFromConfig("GRU", config, 3, "gru")).toEqual({
      units: 2,
      recurrentActivation: "hard_sigmoid",
    });
    expect(optionsFromConfig("GRU", { ...config, reset_after: true }, 2, "gru").resetAfter).toBe(true);
  });

  it("renames what camelCase alone does not name", () => {
    const shape = [null, 5, 3];
    expect(optionsFromConfig("InputLayer", { batch_input_shape: shape }, 2, "in")).toEqual({
      batchShape: shape,
    });
    expect(optionsFromConfig("InputLayer", { batch_shape: shape }, 3, "in")).toEqual({ batchShape: shape });
    expect(optionsFromConfig("LSTM", { batch_input_shape: shape }, 2, "in")).toEqual({
      batchInputShape: shape,
    });
    expect(optionsFromConfig("LeakyReLU", { alpha: 0.1 }, 2, "leaky")).toEqual({ negativeSlope: 0.1 });
    expect(optionsFromConfig("BatchNormalization", { axis: [2] }, 2, "bn")).toEqual({ axis: 2 });
  });

  it("gives a Bidirectional of Keras 2 the second layer that Keras 2 made, where the first goes back", () => {
    const layer = { class_name: "LSTM", config: { name: "lstm", units: 2, go_backwards: true } };
    const second = { class_name: "LSTM", config: { name: "backward_lstm", units: 2, go_backwards: false } };
    expect(optionsFromConfig("Bidirectional", { layer }, 2, "b").backwardLayer).toEqual(second);
    expect(optionsFromConfig("Bidirectional", { layer }, 3, "b").backwardLayer).toBeUndefined();
    const own = { layer, backward_layer: layer };
    expect(optionsFromConfig("Bidirectional", own, 2, "b").backwardLayer).toBe(layer);
  });

  it("refuses quantized and adapted layers and time-major data", () => {
    const refuse = (config: Record<string, number | boolean>) => () => optionsFromConfig("Dense", config, 3, "dense");
    expect(refuse({ lora_rank: 4 })).toThrow("dense.lora_rank: expected null or false, got 4");
    expect(refuse({ time_major: true })).toThrow("dense.time_major: expected null or false, got true");
    expect(refuse({ time_major: false })).not.toThrow();
  });

  it("keeps a key that JavaScript has a use for harmless", () => {
    const config = JSON.parse('{"__proto__": {"polluted": 1}, "units": 1}');
    const options = optionsFromConfig("Dense", config, 3, "dense");
    expect(options.units).toBe(1);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((options as { polluted?: number }).polluted).toBeUndefined();
  });

  it("takes activations and policies in any form", () => {
    expect(activationName({ class_name: "function", config: "relu", module: "builtins" }, 3)).toBe("relu");
    const layer = { class_name: "LeakyReLU", config: { negative_slope: 0.1 } };
    expect(activationName(layer, 3)).toBe(layer);
    expect(policyName("float32")).toBe("float32");
    expect(policyName({ class_name: "Policy", config: { name: "mixed_bfloat16" } })).toBe("mixed_bfloat16");
  });
});

describe("objectSpec", () => {
  it("reads old class names and the bare list of Keras 2.2", () => {
    const list = [{ class_name: "Dense", config: { units: 1 } }];
    expect(objectSpec({ class_name: "Sequential", config: list }, "m").config).toEqual({ layers: list });
    expect(objectSpec({ class_name: "Model", config: {} }, "m").className).toBe("Functional");
    const gru = objectSpec({ class_name: "CuDNNGRU", config: { units: 2 } }, "m");
    expect(gru.className).toBe("GRU");
    expect(gru.config).toMatchObject({ units: 2, reset_after: true, recurrent_activation: "sigmoid" });
  });

  it("says where it wanted what", () => {
    expect(() => objectSpec(null, "m, layers[2]")).toThrow("m, layers[2]: expected an object, got null");
    expect(() => objectSpec({ config: {} }, "m")).toThrow("m.class_name: expected a name, got undefined");
    expect(() => objectSpec({ class_name: "A", config: 3 }, "m")).toThrow("m.config: expected an object, got 3");
    expect(() => objectSpec({ class_name: "__lambda__", config: {} }, "m")).toThrow(/no code in a file/);
    expect(() => objectList({}, "layers", "m")).toThrow("m.layers: expected a list, got undefined");
  });
});

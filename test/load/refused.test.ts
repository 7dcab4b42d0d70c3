/** What no file may hold is refused by its name. */
import { strToU8 } from "fflate";
import { describe, expect, it } from "vitest";
import { ConfigError, FormatError, UnsupportedError, WeightError } from "../../src/errors";
import { loadModel } from "../../src/index";
import { modelBytes } from "../fixtures/golden";
import { changed, layerOf } from "./changed";

describe("is refused by name", () => {
  it.each<[string, () => Uint8Array, new (...args: never[]) => Error, RegExp]>([
    [
      "a Lambda",
      () => changed("sequential_lstm", (c) => void Object.assign(layerOf(c, "Dense"), { class_name: "Lambda" })),
      UnsupportedError,
      /layer Lambda \(.*\): .*Python code/,
    ],
    [
      "a lambda among the options",
      () =>
        changed("sequential_lstm", (c) => {
          layerOf(c, "Dense").config.activation = { class_name: "__lambda__", config: { value: "x" } };
        }),
      UnsupportedError,
      /lambda/i,
    ],
    [
      "an unknown activation",
      () =>
        changed("sequential_lstm", (c) => {
          layerOf(c, "Dense").config.activation = "wobble";
        }),
      ConfigError,
      /activation: expected one of .*, got "wobble"/,
    ],
    [
      "a quantized layer",
      () =>
        changed("sequential_lstm", (c) => {
          layerOf(c, "Dense").config.quantization_config = { bits: 4 };
        }),
      UnsupportedError,
      /quantization_config/,
    ],
    [
      "a layer of another kind",
      () => changed("sequential_lstm", (c) => void Object.assign(layerOf(c, "Dense"), { class_name: "ConvLSTM2D" })),
      UnsupportedError,
      /layer ConvLSTM2D/,
    ],
    [
      "an unknown operation",
      () => changed("functional_reductions", (c) => void Object.assign(layerOf(c, "Prod"), { class_name: "Cholesky" })),
      UnsupportedError,
      /operation Cholesky \(prod\): expected one of Abs, /,
    ],
    [
      "an operation across samples",
      () =>
        changed("functional_reductions", (c) => {
          layerOf(c, "Mean").config.axis = 0;
        }),
      UnsupportedError,
      /operation Mean \(mean\): .* along the axis of samples/,
    ],
    [
      "a layer called with training",
      () =>
        changed("functional_two_in_two_out", (c) => {
          layerOf(c, "LSTM").inbound_nodes[0].kwargs.training = true;
        }),
      UnsupportedError,
      /argument training/,
    ],
    [
      "a model of a class of its own",
      () => changed("sequential_lstm", (c) => void Object.assign(c, { class_name: "MyModel" })),
      UnsupportedError,
      /got MyModel/,
    ],
    [
      "weights of another shape",
      () =>
        changed("sequential_lstm", (c) => {
          layerOf(c, "Dense").config.units++;
        }),
      WeightError,
      /dense\/kernel: expected \[.*\], got \[/,
    ],
    [
      "weights that nobody has",
      () => changed("sequential_lstm", (c) => void c.config.layers.pop()),
      WeightError,
      /weights at layers\/dense/,
    ],
    [
      "weights that are missing",
      () =>
        changed("sequential_lstm", (c) =>
          c.config.layers.push({ ...layerOf(c, "Dense"), config: { ...layerOf(c, "Dense").config, name: "more" } }),
        ),
      WeightError,
      /more\/kernel: expected .* got only none/,
    ],
    [
      "a graph with a circle",
      () =>
        changed("functional_two_in_two_out", (c) => {
          layerOf(c, "LSTM").inbound_nodes[0].args[0].config.keras_history = ["concatenate", 0, 0];
        }),
      FormatError,
      /circle/,
    ],
    [
      "a reference to nothing",
      () =>
        changed("functional_two_in_two_out", (c) => {
          c.config.output_layers[0][2] = 5;
        }),
      FormatError,
      /number 5 of call 0/,
    ],
    [
      "layers that are no list",
      () =>
        changed("sequential_lstm", (c) => {
          c.config.layers = {};
        }),
      FormatError,
      /layers: expected a list/,
    ],
    [
      "a Git LFS pointer",
      () => strToU8("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
      FormatError,
      /Git LFS pointer/,
    ],
    ["a web page", () => strToU8("<!DOCTYPE html><html></html>"), FormatError, /web page/],
    ["half a file", () => modelBytes("sequential_lstm").slice(0, 9000), FormatError, /./],
    [
      "a flipped byte",
      () => {
        const b = modelBytes("sequential_lstm").slice();
        b[9000]! ^= 255;
        return b;
      },
      FormatError,
      /./,
    ],
    ["an .npz that holds pickles", () => modelBytes("sequential_npz"), UnsupportedError, /pickle|object/i],
    ["no bytes", () => new Uint8Array(0), FormatError, /empty file/],
  ])("%s", async (_, bytes, type, message) => {
    await expect(loadModel(bytes())).rejects.toThrow(type);
    await expect(loadModel(bytes())).rejects.toThrow(message);
  });
});

import { expect } from "vitest";
import { dense } from "../../src/layers/dense";
import { embedding } from "../../src/layers/embedding";
import { input } from "../../src/layers/input_layer";
import type { Layer, Result } from "../../src/layers/layer";
import { lstm } from "../../src/layers/recurrent/lstm";
import { model } from "../../src/models/functional";
import { sequential } from "../../src/models/sequential";
import { type KerasCase, type LayerJson, layerOf, runKerasCase } from "./keras_case";
import { itConforms } from "./vectors";

type Shape = readonly (number | null)[];

/** A table of the documents: a sequential model, or the rows of their encoder and decoder. */
interface ParamsCase {
  readonly id: string;
  readonly kind: "params";
  readonly model?: { readonly config: { readonly layers: readonly LayerJson[] } };
  readonly input_shape?: Shape;
  readonly output_shapes_per_layer?: readonly Shape[];
  readonly graph?: readonly { readonly name: string; readonly params: number }[];
  readonly params_per_layer: readonly number[];
  readonly total_params: number;
}

/** The encoder and decoder of the documents, their layers in the order of its table. */
function encoderDecoder() {
  const [source, target] = [input({ shape: [null], name: "input_1" }), input({ shape: [null], name: "input_2" })];
  const encoded = embedding({ inputDim: 1000, outputDim: 64, name: "embedding_2" }).apply(source);
  const [, h, c] = lstm({ units: 64, returnState: true, name: "encoder" }).apply(encoded);
  const decoded = embedding({ inputDim: 2000, outputDim: 64, name: "embedding_3" }).apply(target);
  const last = lstm({ units: 64, name: "decoder" }).apply(decoded, { initialState: [h, c] });
  const outputs = dense({ units: 10, name: "dense_2" }).apply(last);
  return model({ inputs: [source, target], outputs });
}

function runParamsCase(c: ParamsCase): void {
  const paramsOf = (layers: readonly Layer<Result>[]) => layers.map((layer) => layer.countParams());
  if (c.graph) {
    const m = encoderDecoder();
    expect(c.graph.map(({ name }) => m.getLayer(name).countParams())).toEqual(c.params_per_layer);
    expect(m.countParams()).toBe(c.total_params);
    return;
  }
  const shape = c.input_shape as Shape;
  const layers = (c.model?.config.layers ?? []).map((json) => layerOf(json, [shape]));
  const m = sequential({ layers });
  m.build(shape);
  expect(paramsOf(layers)).toEqual(c.params_per_layer);
  expect(m.countParams()).toBe(c.total_params);
  let at = [shape] as readonly Shape[];
  const shapes = layers.map((layer) => {
    at = layer.outputShapes(at);
    return at[0];
  });
  expect(shapes).toEqual(c.output_shapes_per_layer);
}

// The summaries among the vectors are read by the tests of models.
itConforms<KerasCase>("seed_vectors.json", 2, runKerasCase, {}, (c) => !("kind" in c));
itConforms<ParamsCase>("seed_vectors.json", 6, runParamsCase, {}, (c) => c.kind === "params");

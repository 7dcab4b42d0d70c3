/** What attention returns follows its call. */

import { expectTypeOf, it } from "vitest";
import * as layers from "../../src/layers/index";
import { input } from "../../src/layers/input_layer";
import type { SymbolicTensor } from "../../src/layers/symbolic";
import { type Tensor, tensor } from "../../src/tensor";

const x = tensor([[[1]]]);
const symbolic = input({ shape: [1, 1] });
const maybe: { returnAttentionScores: boolean } = { returnAttentionScores: Math.random() > 2 };

it("one head and several", () => {
  for (const layer of [layers.attention(), layers.additiveAttention()]) {
    expectTypeOf(layer.apply([x, x])).toEqualTypeOf<Tensor>();
    expectTypeOf(layer.apply([x, x], { useCausalMask: true })).toEqualTypeOf<Tensor>();
  }
  const many = layers.multiHeadAttention({ numHeads: 1, keyDim: 1 });
  expectTypeOf(many.apply([x, x])).toEqualTypeOf<Tensor>();
  expectTypeOf(many.apply([x, x], { attentionMask: x })).toEqualTypeOf<Tensor>();
  expectTypeOf(many.apply([symbolic, symbolic])).toEqualTypeOf<SymbolicTensor>();
});

it("with scores, without, and either", () => {
  const layer = layers.attention();
  expectTypeOf(layer.apply([x, x], { returnAttentionScores: true })).toEqualTypeOf<[output: Tensor, scores: Tensor]>();
  expectTypeOf(layer.apply([x, x], { returnAttentionScores: false })).toEqualTypeOf<Tensor>();
  expectTypeOf(layer.apply([x, x], maybe)).toEqualTypeOf<Tensor | [output: Tensor, scores: Tensor]>();
  expectTypeOf(layer.apply([symbolic, symbolic], { returnAttentionScores: true })).toEqualTypeOf<
    [output: SymbolicTensor, scores: SymbolicTensor]
  >();
});

it("a layer of one result gives one tensor", () => {
  expectTypeOf(layers.conv1d({ filters: 1, kernelSize: 1 }).apply(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(layers.add().apply([x, x])).toEqualTypeOf<Tensor>();
  expectTypeOf(layers.add().apply([symbolic, symbolic])).toEqualTypeOf<SymbolicTensor>();
});

import { describe, expect, it } from "vitest";
import { dense } from "../../src/layers/dense";
import { deserialize } from "../../src/layers/deserialize";
import { input } from "../../src/layers/input_layer";
import { masking } from "../../src/layers/masking";
import { lstm } from "../../src/layers/recurrent/lstm";
import { custom } from "../../src/layers/user_layer";
import type { WeightScope } from "../../src/layers/user_weights";
import { model } from "../../src/models/functional";
import { sequential } from "../../src/models/sequential";
import * as ops from "../../src/ops";
import type { Tensor } from "../../src/tensor";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";

/** A dense layer as a user would write it. */
class Projection {
  private kernel!: Tensor;
  constructor(private readonly units: number) {}

  build(shape: readonly (number | null)[], { addWeight }: WeightScope) {
    this.kernel = addWeight("kernel", [shape.at(-1) as number, this.units]);
  }

  call(x: Tensor) {
    return ops.matmul(x, this.kernel);
  }

  computeOutputShape(shape: readonly (number | null)[]) {
    return [...shape.slice(0, -1), this.units];
  }

  getConfig() {
    return { units: this.units };
  }
}

const x = randomTensor([2, 4, 3], 1);

describe.each(BUILDS)("a user's layer on the %s build", (build) => {
  useBuild(build);

  it("runs in sequential and functional models, with weights like any other", () => {
    const m = sequential({ layers: [lstm({ units: 5, returnSequences: true }), new Projection(2)] });
    const y = m.predict(x);
    const [recurrent, own] = m.layers as [ReturnType<typeof lstm>, ReturnType<typeof custom>];
    const same = dense({ units: 2, useBias: false }).build([null, null, 5]);
    same.setWeights(own.getWeights());
    expectClose(y, same.apply(recurrent.apply(x) as unknown as Tensor), 1e-6, 0);
    const start = input({ shape: [null, 3] });
    const graph = model({ inputs: start, outputs: own.apply(recurrent.apply(start)) });
    expect(graph.predict(x)).toEqual(y);
    expect(m.countParams()).toBe(4 * (3 + 5 + 1) * 5 + 10);
  });

  it("is given the mask, and hands it on when it says so", () => {
    const seen: unknown[] = [];
    const look = (supportsMasking: boolean) => ({
      supportsMasking,
      call(inputs: Tensor, { mask }: { mask: unknown }) {
        seen.push((mask as Tensor | null)?.toArray());
        return inputs;
      },
    });
    const last = (supportsMasking: boolean) =>
      sequential({ layers: [masking(), look(supportsMasking), custom(look(false))] });
    last(true).predict([[[1], [0]]]);
    last(false).predict([[[1], [0]]]);
    expect(seen).toEqual([[[true, false]], [[true, false]], [[true, false]], undefined]);
  });

  it("takes several inputs as a list", () => {
    const both = custom({
      call: (list) => ops.concat(list as readonly Tensor[], -1),
      computeOutputShape: () => [1, 3],
    });
    expect(both.apply([ops.ones([1, 2]), ops.zeros([1, 1])]).toArray()).toEqual([[1, 1, 0]]);
  });

  it("says what shape it wanted", () => {
    const layer = custom({ name: "mine", call: (inputs) => ops.sum(inputs as Tensor, 0) });
    expect(() => layer.apply([[1, 2]])).toThrow("mine.call: expected [1, 2], as computeOutputShape tells, got [2]");
    const wide = custom({ name: "mine", call: () => [[1, 2, 3]] });
    expect(() => wide.apply([[1, 2]])).toThrow("mine.call: expected [1, 2], as computeOutputShape tells, got [1, 3]");
  });

  it("steps in streams when it is pointwise", () => {
    const twice = { pointwise: true, call: (inputs: Tensor) => ops.mul(inputs, 2) };
    const first = lstm({ units: 2, returnSequences: true, inputShape: [null, 3] });
    const m = sequential({ layers: [first, twice] });
    const plain = sequential({ layers: [first] });
    const [a, b] = [m.createStream(), plain.createStream()];
    const frame = [0.1, 0.2, 0.3];
    expect(Array.from(a.step(frame))).toEqual(Array.from(b.step(frame), (v) => 2 * v));
  });
});

it("comes from files by its class, or is refused", () => {
  const m = sequential({ layers: [custom(Object.assign(new Projection(2), { name: "mine" }))] });
  const spec = (m.layers[0] as ReturnType<typeof custom>).toSpec() as {
    class_name: string;
    config: Record<string, unknown>;
  };
  expect(spec.class_name).toBe("Projection");
  const customLayers = {
    Projection: (config: Record<string, unknown>) => new Projection(config.units as number),
  };
  const again = deserialize(spec, { customLayers });
  expect([again.name, again.getConfig()]).toEqual(["mine", spec.config]);
  expect(() => deserialize(spec)).toThrow(/^layer Projection \(mine\): expected one of Activation/);
  expect(() => deserialize(spec, { customLayers: { Projection: () => 3 as never } })).toThrow(
    "a layer from its factory, got 3",
  );
});

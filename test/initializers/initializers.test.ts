import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors";
import { getInitializer, initializerSpec, initializers } from "../../src/initializers";

const draw = (option: Parameters<typeof getInitializer>[1], shape: readonly number[]) =>
  getInitializer("weight", option)(shape);

/** Mean, standard deviation and extremes. */
function statistics(values: Float32Array) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return { mean, deviation: Math.sqrt(variance), least, most };
}

/** Name, shape, standard deviation and bound of the distribution; formulas of Glorot, He and LeCun. */
const SCALED: [name: string, shape: number[], deviation: number, bound: number][] = [
  ["glorot_uniform", [100, 300], Math.sqrt(2 / 400), Math.sqrt(6 / 400)],
  ["glorot_normal", [100, 300], Math.sqrt(2 / 400), (2 * Math.sqrt(2 / 400)) / 0.8796256610342398],
  ["he_uniform", [100, 300], Math.sqrt(2 / 100), Math.sqrt(6 / 100)],
  ["he_normal", [100, 300], Math.sqrt(2 / 100), (2 * Math.sqrt(2 / 100)) / 0.8796256610342398],
  ["lecun_uniform", [100, 300], Math.sqrt(1 / 100), Math.sqrt(3 / 100)],
  ["lecun_normal", [100, 300], Math.sqrt(1 / 100), (2 * Math.sqrt(1 / 100)) / 0.8796256610342398],
  ["glorot_uniform", [5, 20, 80], Math.sqrt(2 / 500), Math.sqrt(6 / 500)],
  ["he_uniform", [9000], Math.sqrt(2 / 9000), Math.sqrt(6 / 9000)],
  ["variance_scaling", [50, 400], Math.sqrt(1 / 50), (2 * Math.sqrt(1 / 50)) / 0.8796256610342398],
  ["random_uniform", [9000], 0.1 / Math.sqrt(12), 0.05],
  ["truncated_normal", [9000], 0.05 * 0.8796256610342398, 0.1],
  ["random_normal", [9000], 0.05, 0.05 * 5],
];

describe("distributions", () => {
  it.each(SCALED)("%s %j", (name, shape, deviation, bound) => {
    const values = draw({ className: name, config: { seed: 3 } }, shape);
    const found = statistics(values);
    // Four standard errors of the mean and of the deviation.
    expect(Math.abs(found.mean)).toBeLessThan((4 * deviation) / Math.sqrt(values.length));
    expect(Math.abs(found.deviation / deviation - 1)).toBeLessThan(4 / Math.sqrt(values.length));
    expect(Math.max(-found.least, found.most)).toBeLessThanOrEqual(Math.fround(bound));
    expect(Math.max(-found.least, found.most)).toBeGreaterThan(0.6 * bound);
  });

  it("honours every argument of variance_scaling", () => {
    const config = { scale: 3, mode: "fan_out", distribution: "untruncated_normal", seed: 1 };
    const plain = statistics(draw({ className: "VarianceScaling", config }, [100, 300]));
    expect(plain.deviation).toBeCloseTo(0.1, 2);
    expect(plain.most).toBeGreaterThan(0.3);
    const axes = { ...config, mode: "fan_in", inputAxes: [1], outputAxes: [0] };
    expect(statistics(draw({ className: "VarianceScaling", config: axes }, [100, 300])).deviation).toBeCloseTo(0.1, 2);
  });

  it("constants, and the identity", () => {
    expect([...draw("zeros", [3])]).toEqual([0, 0, 0]);
    expect([...draw("one", [3])]).toEqual([1, 1, 1]);
    expect([...draw(initializers.constant({ value: 0.5 }), [2])]).toEqual([0.5, 0.5]);
    expect([...draw(initializers.identity({ gain: 2 }), [2, 3])]).toEqual([2, 0, 0, 0, 2, 0]);
    expect([...draw("identity", [3, 2])]).toEqual([1, 0, 0, 1, 0, 0]);
  });

  it.each([
    [[20, 20], 1],
    [[7, 30], 2],
    [[30, 7], 0.5],
    [[4, 5, 6], 1],
  ])("orthogonal %j is orthogonal", (shape, gain) => {
    const values = draw(initializers.orthogonal({ gain, seed: 4 }), shape as number[]);
    const columns = (shape as number[]).at(-1) as number;
    const rows = values.length / columns;
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
    const at = (k: number, i: number) => (rows < columns ? values[k * columns + i] : values[i * columns + k]) as number;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let i = 0; i < length; i++) sum += at(a, i) * at(b, i);
        expect(sum).toBeCloseTo(a === b ? gain ** 2 : 0, 5);
      }
    }
  });
});

describe("seeds", () => {
  it("the same seed gives the same numbers, another one others", () => {
    const seeded = (seed: number) => [...draw(initializers.randomNormal({ seed }), [50])];
    expect(seeded(7)).toEqual(seeded(7));
    expect(seeded(7)).not.toEqual(seeded(8));
    expect(seeded(7)).not.toEqual(seeded(7 + 2 ** 32));
    expect(seeded(-1)).not.toEqual(seeded(1));
  });

  it("without a seed every weight has numbers of its own", () => {
    expect([...draw("glorot_uniform", [9])]).not.toEqual([...draw("glorot_uniform", [9])]);
    const one = getInitializer("weight", "glorot_uniform");
    expect([...one([9])]).toEqual([...one([9])]);
  });

  it("the numbers are these on every engine", () => {
    const names = [
      "randomNormal",
      "randomUniform",
      "truncatedNormal",
      "glorotNormal",
      "heUniform",
      "orthogonal",
    ] as const;
    const hash = createHash("sha256");
    for (const name of names)
      hash.update(new Uint8Array(draw(initializers[name]({ seed: 2 ** 40 + 5 }), [37, 53]).buffer));
    expect(hash.digest("hex").slice(0, 16)).toBe("11b1689e7d0db544");
  });
});

describe("names and objects", () => {
  it.each(["glorot_uniform", "GlorotUniform", "glorotUniform"])("%s", (name) => {
    expect(initializerSpec(name)).toEqual(initializers.glorotUniform());
  });

  it("are written with all arguments in Keras' order", () => {
    expect(JSON.stringify(initializerSpec("variance_scaling"))).toBe(
      '{"module":"keras.initializers","class_name":"VarianceScaling","config":{"seed":null,"scale":1,' +
        '"mode":"fan_in","distribution":"truncated_normal","input_axes":null,"output_axes":null},' +
        '"registered_name":null}',
    );
  });

  it("null is glorot_uniform, and older files are read", () => {
    expect(draw(null, [30, 30]).every((v) => Math.abs(v) <= Math.sqrt(0.1))).toBe(true);
    const old = { class_name: "VarianceScaling", config: { distribution: "normal", seed: 3, dtype: "float32" } };
    expect(draw(old, [3, 3])).toEqual(draw(initializers.varianceScaling({ seed: 3 }), [3, 3]));
    const generator = { class_name: "SeedGenerator", config: { seed: 3 } };
    const generated = { class_name: "HeNormal", config: { seed: generator } };
    expect(draw(generated, [3, 3])).toEqual(draw(initializers.heNormal({ seed: 3 }), [3, 3]));
  });

  it("refuses what Keras does not know", () => {
    expect(() => draw("glorot", [2])).toThrow("weight: expected an initializer among Zeros, Ones, Constant");
    expect(() => draw({ className: "Ones", config: { value: 1 } }, [2])).toThrow("weight.value");
    expect(() => initializers.heNormal({ seed: 0.5 })).toThrow(ConfigError);
    expect(() => initializers.varianceScaling({ scale: 0 })).toThrow("scale: expected a positive number, got 0");
    expect(() => initializers.varianceScaling({ mode: "fan" as "fan_in" })).toThrow('got "fan"');
    expect(() => draw("identity", [2])).toThrow("weight: expected a weight of two axes, got [2]");
    expect(() => draw("orthogonal", [2])).toThrow("weight: expected a weight of at least two axes, got [2]");
  });

  it("speaks of an unknown one in a file only when it is used", () => {
    const unknown = getInitializer("weight", { class_name: "Mine", config: {} });
    expect(() => unknown([2])).toThrow('got "Mine"');
    expect(initializerSpec({ class_name: "Mine", config: {} })).toEqual({ class_name: "Mine", config: {} });
  });
});

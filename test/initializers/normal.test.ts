import { describe, expect, it } from "vitest";
import { log, normalQuantile } from "../../src/initializers/normal";

describe("log", () => {
  it.each([1e-300, 1e-16, 0.1, 0.5, Math.SQRT1_2, 1, Math.SQRT2, 1.5, 2, 10, 1e300])("of %f", (x) => {
    expect(Math.abs(log(x) - Math.log(x))).toBeLessThanOrEqual(3e-16 * Math.max(1, Math.abs(Math.log(x))));
  });
});

describe("normalQuantile", () => {
  /** Python's `statistics.NormalDist().inv_cdf`. */
  const KNOWN: [p: number, x: number][] = [
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798405],
    [1e-11, -6.706023155495136],
    [1.3e-11, -6.66761145651074],
    [1e-6, -4.753424308822899],
    [0.01, -2.3263478740408408],
    [0.074, -1.4466320671589785],
    [0.076, -1.4325027208258114],
    [0.3, -0.5244005127080407],
    [0.5, 0.0],
    [0.61, 0.27931903444745404],
    [0.924, 1.4325027208258119],
    [0.926, 1.4466320671589785],
    [0.99, 2.3263478740408408],
    [0.9999999, 5.199337582290662],
  ];
  it.each(KNOWN)("of %f", (p, x) => {
    expect(Math.abs(normalQuantile(p) - x)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(x)));
  });
});

import { describe, expect, it } from "vitest";
import { matmulReference } from "../reference/matmul";
import { expectClose } from "../support";
import { BUILDS, flat, KernelModule, numbers } from "./module";

const SUM = 6e-8; // a rounding per term, terms and sums below one each

const panels = (k: number, n: number) => k * ((n + 7) & ~7);

const SIZES: [number, number, number][] = [
  [1, 1, 1],
  [2, 3, 5],
  [3, 4, 8],
  [5, 5, 17],
  [7, 17, 4],
  [13, 8, 9],
  [50, 33, 40],
];

describe.each(BUILDS)("matmul on the %s build", (build) => {
  for (const transposed of [false, true]) {
    it.each(SIZES)(`multiplies [%i, %i] by %i columns, b transposed: ${transposed}`, (m, k, n) => {
      const module = new KernelModule(build);
      const [a, b] = [numbers(6 * m * k, 1), numbers(6 * k * n, 2)];
      const y = module.block(6 * m * n);
      const steps = [3 * m * k, m * k, k, 3 * k * n, k * n, transposed ? k : n, 3 * m * n, m * n, n];
      const words = [module.floats(a), module.floats(b), y, 2, 3, m, k, n, ...steps, transposed ? 1 : 0];
      module.call("matmul", module.ints([...words, module.block(panels(k, n))]));
      const wanted = Array.from({ length: 6 }, (_, p) =>
        matmulReference(a.subarray(p * m * k), b.subarray(p * k * n), [m, k, n], transposed),
      ).flat();
      expectClose(flat(module.readFloats(y, 6 * m * n)), flat(wanted), SUM * k * Math.sqrt(k), 0);
    });
  }

  it("attends with heads side by side and no transpose: scores = q·kᵀ, out = scores·v", () => {
    const [batch, heads, queries, keys, size] = [2, 3, 5, 6, 4];
    const module = new KernelModule(build);
    const wide = heads * size;
    const [q, k] = [numbers(batch * queries * wide, 3), numbers(batch * keys * wide, 4)];
    const scores = module.block(batch * heads * queries * keys);
    const out = module.block(batch * queries * wide);
    const scratch = module.block(Math.max(panels(size, keys), panels(keys, size)));
    const [qAt, kAt] = [module.floats(q), module.floats(k)];
    const perQuery = [queries * wide, size, wide];
    const perKey = [keys * wide, size, wide];
    const perScore = [heads * queries * keys, queries * keys, keys];
    const first = [
      qAt,
      kAt,
      scores,
      batch,
      heads,
      queries,
      size,
      keys,
      ...perQuery,
      ...perKey,
      ...perScore,
      1,
      scratch,
    ];
    const second = [
      scores,
      kAt,
      out,
      batch,
      heads,
      queries,
      keys,
      size,
      ...perScore,
      ...perKey,
      ...perQuery,
      0,
      scratch,
    ];
    module.call("matmul", module.ints(first));
    module.call("matmul", module.ints(second));
    const got = module.readFloats(out, batch * queries * wide);
    const head = (data: Float32Array, rows: number, b: number, h: number) =>
      Array.from({ length: rows * size }, (_, at) => {
        return data[(b * rows + Math.floor(at / size)) * wide + h * size + (at % size)] as number;
      });
    for (let b = 0; b < batch; b++) {
      for (let h = 0; h < heads; h++) {
        const key = head(k, keys, b, h);
        const weights = matmulReference(head(q, queries, b, h), key, [queries, size, keys], true);
        const wanted = matmulReference(weights, key, [queries, keys, size], false);
        expectClose(flat(head(got, queries, b, h)), flat(wanted), SUM * keys * size, 0);
      }
    }
  });

  it("uses one b for all when its steps are 0", () => {
    const module = new KernelModule(build);
    const [m, k, n] = [4, 5, 6] as const;
    const [a, b] = [numbers(2 * m * k, 5), numbers(k * n, 6)];
    const y = module.block(2 * m * n);
    const steps = [m * k, 0, k, 0, 0, n, m * n, 0, n];
    module.call(
      "matmul",
      module.ints([module.floats(a), module.floats(b), y, 2, 1, m, k, n, ...steps, 0, module.block(panels(k, n))]),
    );
    expectClose(
      flat(module.readFloats(y, 2 * m * n)),
      flat(matmulReference(a, b, [2 * m, k, n], false)),
      SUM * k * 3,
      0,
    );
  });

  it("gives the same bits for one row as for many", () => {
    const module = new KernelModule(build);
    const [m, k, n] = [13, 37, 19] as const;
    const [a, b] = [module.floats(numbers(m * k, 7)), module.floats(numbers(k * n, 8))];
    const [all, one, scratch] = [module.block(m * n), module.block(n), module.block(panels(k, n))];
    const steps = [0, 0, k, 0, 0, n, 0, 0, n];
    module.call("matmul", module.ints([a, b, all, 1, 1, m, k, n, ...steps, 0, scratch]));
    for (let row = 0; row < m; row++) {
      module.call("matmul", module.ints([a + 4 * row * k, b, one, 1, 1, 1, k, n, ...steps, 0, scratch]));
      expect(module.readFloats(one, n)).toEqual(module.readFloats(all + 4 * row * n, n));
    }
  });
});

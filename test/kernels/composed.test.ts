/** What assembly/README.md says can be made of the kernels without a kernel of its own. */

import { describe, expect, it } from "vitest";
import { WINDOW } from "../../src/wasm/op_codes";
import { layerNormReference } from "../reference/rows";
import { expectClose } from "../support";
import { BUILDS, flat, KernelModule, numbers } from "./module";
import { elementwiseWords } from "./walks";

const NORMAL = 5e-7; // of layerNorm

describe.each(BUILDS)("on the %s build", (build) => {
  it("group normalization is layerNorm between two copies", () => {
    const [batch, positions, groups, size] = [2, 3, 4, 5];
    const channels = groups * size;
    const module = new KernelModule(build);
    const x = numbers(batch * positions * channels, 1);
    const [gamma, beta] = [numbers(channels, 2), numbers(channels, 3)];
    const [y, grouped] = [module.block(x.length), module.block(x.length)];
    const counts = [batch, groups, positions, size];
    const spread = [positions * channels, size, channels, 1];
    const dense = { at: grouped, steps: [positions * channels, positions * size, size, 1] };
    module.call(
      "elementwise",
      module.ints(elementwiseWords("copy", counts, dense, [{ at: module.floats(x), steps: spread }])),
    );
    const epsilon = Math.fround(1e-3);
    module.call("layerNorm", grouped, grouped, batch * groups, positions * size, 0, 0, epsilon, 0);
    module.call("elementwise", module.ints(elementwiseWords("copy", counts, { at: y, steps: spread }, [dense])));
    module.call("scaleShift", y, y, batch * positions, channels, module.floats(gamma), module.floats(beta));
    const got = module.readFloats(y, x.length);
    for (let group = 0; group < groups; group++) {
      for (let b = 0; b < batch; b++) {
        const where = Array.from({ length: positions * size }, (_, k) => {
          return (b * positions + Math.floor(k / size)) * channels + group * size + (k % size);
        });
        const normal = layerNormReference(
          where.map((at) => x[at] as number),
          { epsilon },
        );
        const wanted = normal.map((v, k) => {
          const channel = (where[k] as number) % channels;
          return v * (gamma[channel] as number) + (beta[channel] as number);
        });
        expectClose(flat(where.map((at) => got[at] as number)), flat(wanted), 2 * NORMAL, NORMAL);
      }
    }
  });

  it("a depth multiplier is a copy with every channel repeated", () => {
    const [width, channels, multiplier] = [5, 3, 2];
    const module = new KernelModule(build);
    const x = numbers(width * channels, 4);
    const kernel = numbers(2 * channels * multiplier, 5);
    const [repeated, y] = [module.block(2 * x.length), module.block((width - 1) * channels * multiplier)];
    const to = { at: repeated, steps: [multiplier, 1] };
    const from = { at: module.floats(x), steps: [1, 0] };
    module.call("elementwise", module.ints(elementwiseWords("copy", [x.length, multiplier], to, [from])));
    const sizes = [1, 1, width, channels * multiplier, 1, width - 1, 1, 2, 1, 1, 1, 1, 0, 0];
    module.call("slideWindow", module.ints([repeated, y, ...sizes, WINDOW.weighted, module.floats(kernel), 0]));
    const wanted = Array.from({ length: (width - 1) * channels * multiplier }, (_, at) => {
      const [j, out] = [Math.floor(at / (channels * multiplier)), at % (channels * multiplier)];
      const c = Math.floor(out / multiplier);
      const term = (q: number) =>
        (x[(j + q) * channels + c] as number) * (kernel[q * channels * multiplier + out] as number);
      return term(0) + term(1);
    });
    expectClose(flat(module.readFloats(y, wanted.length)), flat(wanted), 2e-7, 0); // three roundings of numbers below 2
  });

  it("padding is a fill and a copy into the middle, upsampling a copy that repeats", () => {
    const module = new KernelModule(build);
    const [padded, longer] = [module.block(10), module.block(12)];
    const x = module.floats([1, 2, 3, 4, 5, 6]);
    module.call("fill", padded, 10, 0);
    const middle = { at: padded + 8, steps: [2, 1] };
    module.call("elementwise", module.ints(elementwiseWords("copy", [3, 2], middle, [{ at: x, steps: [2, 1] }])));
    expect([...module.readFloats(padded, 10)]).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 0, 0]);
    const twice = { at: longer, steps: [4, 2, 1] };
    module.call("elementwise", module.ints(elementwiseWords("copy", [3, 2, 2], twice, [{ at: x, steps: [2, 0, 1] }])));
    expect([...module.readFloats(longer, 12)]).toEqual([1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6]);
  });
});

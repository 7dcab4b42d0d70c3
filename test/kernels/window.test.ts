import { describe, expect, it } from "vitest";
import { WINDOW } from "../../src/wasm/op_codes";
import { depthwiseReference, type Geometry, kerasAxis, patchesReference, poolReference } from "../reference/window";
import { expectClose } from "../support";
import { BUILDS, flat, KernelModule, numbers } from "./module";

const SUM = 6e-8; // one rounding for each of up to nine cells of size one

type Axis = [size: number, window: number, stride: number, dilation: number, padding: "valid" | "same" | "causal"];

function geometry(channels: number, down: Axis, across: Axis): Geometry {
  const [outHeight, above] = kerasAxis(...down);
  const [outWidth, left] = kerasAxis(...across);
  const [height, windowHeight, strideDown, dilationDown] = down;
  const [width, windowWidth, strideAcross, dilationAcross] = across;
  const window = { windowHeight, windowWidth, strideDown, strideAcross, dilationDown, dilationAcross, above, left };
  return { batch: 2, height, width, channels, outHeight, outWidth, ...window };
}

const FLAT: Axis = [1, 1, 1, 1, "valid"];
const AXES: [string, Axis, Axis][] = [
  ["a sequence, valid", FLAT, [7, 3, 1, 1, "valid"]],
  ["a sequence, same, stride 2", FLAT, [7, 3, 2, 1, "same"]],
  ["a sequence, same, even window", FLAT, [6, 4, 3, 1, "same"]],
  ["a sequence, causal, dilated", FLAT, [7, 3, 1, 2, "causal"]],
  ["an image, valid", [5, 2, 2, 1, "valid"], [6, 3, 1, 1, "valid"]],
  ["an image, same, dilated", [5, 3, 1, 2, "same"], [4, 3, 1, 2, "same"]],
  ["an image smaller than the window", [2, 3, 1, 1, "same"], [1, 3, 2, 1, "same"]],
];
const CHANNELS = [1, 3, 4, 5, 8, 17];

/** The words that all kernels of window.ts share, and their own three. */
function words(g: Geometry, x: number, y: number, own: [number, number, number]): number[] {
  const sizes = [g.batch, g.height, g.width, g.channels, g.outHeight, g.outWidth, g.windowHeight, g.windowWidth];
  const steps = [g.strideDown, g.strideAcross, g.dilationDown, g.dilationAcross, g.above, g.left];
  return [x, y, ...sizes, ...steps, ...own];
}

describe.each(BUILDS)("on the %s build", (build) => {
  describe.each(AXES)("%s", (_name, down, across) => {
    it.each(CHANNELS)("slideWindow pools and weighs %i channels", (channels) => {
      const g = geometry(channels, down, across);
      const x = numbers(g.batch * g.height * g.width * channels, channels);
      const kernel = numbers(g.windowHeight * g.windowWidth * channels, 2);
      const bias = numbers(channels, 3);
      const module = new KernelModule(build);
      const from = module.floats(x);
      const [k, b] = [module.floats(kernel), module.floats(bias)];
      const cases: [[number, number, number], number[]][] = [
        [[WINDOW.max, 0, 0], poolReference(g, x, "max")],
        [[WINDOW.mean, 0, 0], poolReference(g, x, "mean")],
        [[WINDOW.weighted, k, 0], depthwiseReference(g, x, kernel)],
        [[WINDOW.weighted, k, b], depthwiseReference(g, x, kernel, bias)],
      ];
      for (const [own, wanted] of cases) {
        const y = module.block(wanted.length);
        module.call("slideWindow", module.ints(words(g, from, y, own)));
        const taps = g.windowHeight * g.windowWidth;
        expectClose(
          flat(module.readFloats(y, wanted.length)),
          flat(wanted),
          own[0] === WINDOW.max ? 0 : SUM * (taps + 1),
          0,
        );
      }
    });

    it.each(CHANNELS)("patches copies %i channels, in pieces and of a group", (channels) => {
      const g = geometry(channels, down, across);
      const pixel = channels + 2;
      const x = numbers(g.batch * g.height * g.width * pixel, channels);
      const module = new KernelModule(build);
      const count = g.batch * g.outHeight * g.outWidth;
      const size = g.windowHeight * g.windowWidth * channels;
      const grouped = patchesReference(g, x, pixel);
      const own = patchesReference(g, x.subarray(0, g.batch * g.height * g.width * channels), channels);
      const from = module.floats(x);
      for (const [wanted, step] of [
        [grouped, pixel],
        [own, channels],
      ] as const) {
        for (const [first, rows] of [
          [0, count],
          [1, count - 1],
          [count - 1, 1],
        ] as const) {
          const y = module.block(rows * size);
          module.call("patches", module.ints(words(g, from, y, [step, first, rows])));
          expect(module.readFloats(y, rows * size)).toEqual(
            Float32Array.from(wanted.slice(first * size, (first + rows) * size)),
          );
        }
      }
    });
  });

  it("a convolution along time gives the same bits from patches and from the overlapping rows of x itself", () => {
    const [timesteps, channels, window, stride, filters] = [11, 3, 4, 2, 5];
    const module = new KernelModule(build);
    const g = { ...geometry(channels, FLAT, [timesteps, window, stride, 1, "valid"]), batch: 1 };
    const [k, rows] = [window * channels, g.outWidth];
    const x = module.floats(numbers(timesteps * channels, 4));
    const [packed, copied] = [module.block(k * 8), module.block(rows * k)];
    const [first, second] = [module.block(rows * filters), module.block(rows * filters)];
    module.call("packPanels", module.floats(numbers(k * filters, 5)), filters, k, filters, packed, 8 * k);
    module.call("patches", module.ints(words(g, x, copied, [channels, 0, rows])));
    module.call("affine", copied, k, packed, 0, first, filters, rows, k, filters, 0, 0, 0);
    module.call("affine", x, stride * channels, packed, 0, second, filters, rows, k, filters, 0, 0, 0);
    expect(module.readFloats(second, rows * filters)).toEqual(module.readFloats(first, rows * filters));
  });

  it("pooling passes NaN on", () => {
    const g = geometry(1, FLAT, [4, 2, 1, 1, "valid"]);
    for (const kind of [WINDOW.max, WINDOW.mean]) {
      const module = new KernelModule(build);
      const y = module.block(6);
      module.call(
        "slideWindow",
        module.ints(words(g, module.floats([1, 2, Number.NaN, 3, 1, 1, 1, 1]), y, [kind, 0, 0])),
      );
      expect([...module.readFloats(y, 6)].map(Number.isNaN)).toEqual([false, true, true, false, false, false]);
    }
  });
});

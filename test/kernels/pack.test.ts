import { expect, it } from "vitest";
import { random } from "../support";
import { BUILDS, KernelModule } from "./module";

it.each(BUILDS)("packs columns into panels of eight, zeros past the last, on the %s build", (build) => {
  const next = random(1);
  for (const columns of [1, 7, 8, 9, 16, 21]) {
    for (const [rows, wide] of [
      [1, 0],
      [3, 0],
      [5, 4],
    ] as const) {
      const module = new KernelModule(build);
      const row = columns + wide;
      const source = Float32Array.from({ length: rows * row }, next);
      const blocks = Math.ceil(columns / 8);
      const blockStep = 8 * (rows + 2);
      const packed = module.floats(new Float32Array(blocks * blockStep).fill(-7));
      module.call("packPanels", module.floats(source), row, rows, columns, packed, blockStep);
      const wanted = Float32Array.from({ length: blocks * blockStep }, (_, at) => {
        const [block, inner] = [Math.floor(at / blockStep), at % blockStep];
        const [r, column] = [inner >> 3, 8 * block + (inner & 7)];
        if (r >= rows) return -7;
        return column < columns ? source[r * row + column]! : 0;
      });
      expect(module.readFloats(packed, blocks * blockStep)).toEqual(wanted);
    }
  }
});

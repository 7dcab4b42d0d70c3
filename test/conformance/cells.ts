/** Cells that only tests of other projects have, as users' cells. */

import type { CustomLayer } from "../../src/layers/registry";
import type { WeightScope } from "../../src/layers/user_weights";
import * as ops from "../../src/ops";
import type { Tensor } from "../../src/tensor";

/** s1' = x K + s1 R1, s2' = x K + s2 R2, output s1' + s2'. */
class TwoStatesRNNCell {
  readonly stateSize: readonly [number, number];
  private kernel!: Tensor;
  private first!: Tensor;
  private second!: Tensor;

  constructor(private readonly units: number) {
    this.stateSize = [units, units];
  }

  build([, width]: readonly (number | null)[], { addWeight }: WeightScope) {
    this.kernel = addWeight("kernel", [width as number, this.units], "ones");
    this.first = addWeight("recurrent_kernel_1", [this.units, this.units], "ones");
    this.second = addWeight("recurrent_kernel_2", [this.units, this.units], "ones");
  }

  call(x: Tensor, [a, b]: readonly Tensor[]) {
    const input = ops.matmul(x, this.kernel);
    const states = [
      ops.add(input, ops.matmul(a as Tensor, this.first)),
      ops.add(input, ops.matmul(b as Tensor, this.second)),
    ] as const;
    return { output: ops.add(...states), states };
  }
}

/** m = mean over all elements of the input, the batch included; states grow by m, the output is −(first state). */
class MeanRNNCell {
  constructor(readonly stateSize: number | readonly number[]) {}

  call(x: Tensor, states: readonly Tensor[]) {
    const next = states.map((state) => ops.add(state, ops.mean(x)));
    return { output: ops.neg(next[0] as Tensor), states: next };
  }
}

export const testCells: Readonly<Record<string, CustomLayer>> = {
  TwoStatesRNNCell: (config) => new TwoStatesRNNCell(config.units as number),
  MeanRNNCell: (config) => new MeanRNNCell(config.state_size as number | readonly number[]),
};

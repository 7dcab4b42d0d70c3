/** Windows that slide over images [batch, height, width, channels]; a sequence is an image of height 1. */

import { WINDOW } from "../wasm/op_codes";
import type { Plan } from "./plan";
import type { Slab } from "./slab";

/** A window and its walk along one axis. */
export interface WindowAxis {
  /** Elements of the image, and of the result. */
  readonly size: number;
  readonly outSize: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  /** Elements that the first window reaches out before the image. */
  readonly before: number;
}

/** A window along height and width. */
export type WindowWalk = readonly [down: WindowAxis, across: WindowAxis];

/** The axis of a sequence that is taken for an image: one row. */
export const SINGLE: WindowAxis = { size: 1, outSize: 1, window: 1, stride: 1, dilation: 1, before: 0 };

/** Words 2 to 15 of the descriptor of assembly/kernels/window.ts. */
export function windowWords(batch: number, channels: number, [down, across]: WindowWalk): readonly number[] {
  return [
    ...[batch, down.size, across.size, channels],
    ...[down.outSize, across.outSize, down.window, across.window],
    ...[down.stride, across.stride, down.dilation, across.dilation, down.before, across.before],
  ];
}

/**
 * One number a window and channel: the largest, the mean of what lies inside the image, or a sum weighted with
 * `kernel` [window height, window width, channels].
 * @returns a new slab [batch, out height, out width, channels].
 */
export function emitSlide(plan: Plan, op: keyof typeof WINDOW, x: Slab, walk: WindowWalk, kernel?: Slab): Slab {
  const [batch, channels] = [x.dim(0), x.dim(-1)];
  const y = plan.slab([batch, walk[0].outSize, walk[1].outSize, channels]);
  const fixed = windowWords(batch, channels, walk);
  const pass = plan.descriptor(() => [x.ptr, y.ptr, ...fixed, WINDOW[op], kernel?.ptr ?? 0, 0]);
  plan.step([x, y, kernel], () => plan.engine.kernels.slideWindow(pass.ptr));
  return y;
}

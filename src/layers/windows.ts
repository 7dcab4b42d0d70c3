/** Windows as Keras describes them: sizes, strides, padding, and the lengths that follow. */

import { ShapeError, show, showShape, UnsupportedError } from "../errors";
import { SINGLE, type WindowAxis, type WindowWalk } from "../ops/window";
import { oneOf, wholeNumbers } from "./options";
import type { SymbolicShape } from "./symbolic";

/** `same`: as many results as strides fit, zeros shared by both ends. `causal`: all zeros in front. */
export type Padding = "valid" | "same" | "causal";

/** Windows along the axes between batch and channels. */
export interface Windows {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: Padding;
}

/** What {@link windowsOf} reads. */
interface WindowOptions {
  readonly kernelSize: number | readonly number[];
  readonly strides: number | readonly number[];
  readonly dilationRate: number | readonly number[];
  readonly padding: Padding;
}

/** The windows that options describe; `causal` in one dimension only. */
export function windowsOf(name: string, options: WindowOptions, rank: 1 | 2, causal = rank === 1): Windows {
  const sizes = wholeNumbers(`${name}.kernelSize`, options.kernelSize, rank);
  const strides = wholeNumbers(`${name}.strides`, options.strides, rank);
  const dilations = wholeNumbers(`${name}.dilationRate`, options.dilationRate, rank);
  const padding = oneOf<Padding>(
    `${name}.padding`,
    options.padding,
    causal ? ["valid", "same", "causal"] : ["valid", "same"],
  );
  if (Math.max(...strides) > 1 && Math.max(...dilations) > 1) {
    throw new UnsupportedError(`${name}.dilationRate`, "1 where strides are greater", show(dilations));
  }
  return { sizes, strides, dilations, padding };
}

/** How far the window of an axis reaches. */
export function reachOf(windows: Windows, axis: number): number {
  return ((windows.sizes[axis] as number) - 1) * (windows.dilations[axis] as number) + 1;
}

/**
 * The shape of the result, with `channels`.
 * @throws {ShapeError} when no window fits.
 */
export function windowedShape(where: string, shape: SymbolicShape, windows: Windows, channels: number | null) {
  const spatial = shape.slice(1, -1).map((d, axis) => {
    if (d === null) return null;
    const stride = windows.strides[axis] as number;
    const length = windows.padding === "valid" ? d - reachOf(windows, axis) + 1 : d;
    if (length < 1)
      throw new ShapeError(where, `at least ${reachOf(windows, axis)} along axis ${axis + 1}`, showShape(shape));
    return Math.ceil(length / stride);
  });
  return [shape[0] ?? null, ...spatial, channels];
}

/** The walk over an input of this shape; a sequence is one row of an image. */
export function walkOf(shape: readonly number[], windows: Windows, out: readonly number[]): WindowWalk {
  const axes = windows.sizes.map((window, axis): WindowAxis => {
    const [size, outSize] = [shape[axis + 1] as number, out[axis + 1] as number];
    const [stride, dilation] = [windows.strides[axis] as number, windows.dilations[axis] as number];
    const span = reachOf(windows, axis);
    const missing = Math.max(0, (outSize - 1) * stride + span - size);
    const before = { valid: 0, same: missing >> 1, causal: span - 1 }[windows.padding];
    return { size, outSize, window, stride, dilation, before };
  });
  return axes.length === 1 ? [SINGLE, axes[0] as WindowAxis] : [axes[0] as WindowAxis, axes[1] as WindowAxis];
}

/** [batch, timesteps, channels] or [batch, height, width, channels] as an image. */
export function imageShape(shape: readonly number[]): readonly number[] {
  return shape.length === 3 ? [shape[0] as number, 1, ...shape.slice(1)] : shape;
}

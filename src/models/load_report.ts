/** What loading a model did besides. */

import type { Dialect, ModelFormat } from "../spec";

/** What a file held that this library does not use, or does in another way. */
export interface LoadReport {
  /** What the bytes were. */
  readonly format: ModelFormat;
  /** Which Keras wrote it, as the file says; null where it does not. */
  readonly kerasVersion: string | null;
  /** The dialect in which it was read: names, defaults and `hard_sigmoid` of Keras 2 or 3. */
  readonly dialect: Dialect;
  /** Types that layers were to compute in; they compute in float32. */
  readonly computedInFloat32: readonly string[];
  /** Keys that no layer here knows: `layer.key`. */
  readonly ignoredKeys: readonly string[];
  /** Parts of the file that inference does not need: optimizer state, training configuration, … */
  readonly ignored: readonly string[];
}

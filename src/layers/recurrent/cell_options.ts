/** The options of cells with a kernel, and of the layers made of them. */

import type { InitializerOption } from "../../initializers";
import type { LayerOptions } from "../options";
import { RECURRENT_DEFAULTS } from "./options";

/** The options that cells with a kernel share. */
export interface KernelCellOptions extends LayerOptions {
  /** Width of the output and of each state. */
  units: number;
  /** A Keras name. Default `tanh`. */
  activation?: string | null;
  /** Default true. */
  useBias?: boolean;
  /** Default `glorot_uniform`. */
  kernelInitializer?: InitializerOption;
  /** Default `orthogonal`. */
  recurrentInitializer?: InitializerOption;
  /** Default `zeros`. */
  biasInitializer?: InitializerOption;
  /** These are kept for the configuration and do nothing at inference. */
  kernelRegularizer?: unknown;
  recurrentRegularizer?: unknown;
  biasRegularizer?: unknown;
  kernelConstraint?: unknown;
  recurrentConstraint?: unknown;
  biasConstraint?: unknown;
  dropout?: number;
  recurrentDropout?: number;
  seed?: number | null;
  /** Keras 2: which of two ways to compute the same numbers. Without effect. */
  implementation?: number;
}

/** Keras' defaults in the order of its configurations; `units` must be given. */
export const CELL_HEAD = {
  units: undefined as unknown as number,
  activation: "tanh" as string | null,
};

export const CELL_BODY = {
  useBias: true,
  kernelInitializer: "glorot_uniform" as InitializerOption,
  recurrentInitializer: "orthogonal" as InitializerOption,
  biasInitializer: "zeros" as InitializerOption,
};

/** What only training heeds. */
export const CELL_TRAINING = {
  kernelRegularizer: null as unknown,
  recurrentRegularizer: null as unknown,
  biasRegularizer: null as unknown,
  kernelConstraint: null as unknown,
  recurrentConstraint: null as unknown,
  biasConstraint: null as unknown,
  dropout: 0,
  recurrentDropout: 0,
};

export const CELL_SEED = { seed: null as number | null };

/** The defaults of a layer, in the order of Keras: those of every recurrent layer, then those of its cell. */
export function layerDefaults<D extends object>(cell: D) {
  const regularized = Object.entries(cell).flatMap((entry) =>
    entry[0] === "biasRegularizer" ? [entry, ["activityRegularizer", null]] : [entry],
  );
  return { ...RECURRENT_DEFAULTS, ...(Object.fromEntries(regularized) as D & { activityRegularizer: unknown }) };
}

/** What a layer hands to its cell besides the cell's own options. */
export function cellCommon(name: string, { dtype, trainable }: LayerOptions): LayerOptions {
  return { name, ...(dtype === undefined ? {} : { dtype }), ...(trainable === undefined ? {} : { trainable }) };
}

/** Weights as kernels want them, made once and used by all threads that share a memory. */

import { everyLayer } from "../models/every_layer";
import type { Model } from "../models/model";
import { ARRAYS, sizeOf, Tensor } from "../tensor";
import type { Engine } from "../wasm/engine";

/** Packed weights: the layer they belong to, counted as `everyLayer` does, their name there, their place. */
export type PackedWeights = readonly (readonly [layer: number, key: string, ptr: number, bytes: number])[];

/** Runs the model on that engine. */
type Run = (inputs: readonly Tensor[]) => unknown;

/** Elements along axes that a model leaves open, to be tried one after another: a convolution refuses short inputs. */
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Packs the weights of a model by running it on zeros, and tells where they are; none when it refuses all zeros. */
export function packedWeights(model: Model, engine: Engine, run: Run): PackedWeights {
  if (!SIZES.some((size) => accepts(model, size, run))) return [];
  return everyLayer(model).flatMap((layer, k) =>
    [...engine.packedOf(layer)].map(([key, { ptr, bytes }]) => [k, key, ptr, bytes] as const),
  );
}

function accepts(model: Model, size: number, run: Run): boolean {
  const zeros = model.inputs.map(({ shape, dtype }) => {
    const dims = shape.map((d, axis) => d ?? (axis === 0 ? 1 : size));
    return new Tensor(dims, dtype, new ARRAYS[dtype](sizeOf(dims)));
  });
  try {
    run(zeros);
    return true;
  } catch {
    return false;
  }
}

/** Has a copy of the model use what another thread has packed. */
export function usePackedWeights(model: Model, engine: Engine, packed: PackedWeights): void {
  const layers = everyLayer(model);
  for (const [k, key, ptr, bytes] of packed) {
    const layer = layers[k];
    if (layer) engine.usePacked(layer, key, ptr, bytes);
  }
}

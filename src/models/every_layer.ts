/** All layers inside a layer, itself first. */

import type { Layer, Result } from "../layers/layer";

/** Walks wrappers, cells and nested models; a shared layer comes once. */
export function everyLayer(root: Layer<Result>, found: Set<Layer<Result>> = new Set()): Layer<Result>[] {
  if (found.has(root)) return [];
  found.add(root);
  for (const [, child] of root.children()) everyLayer(child, found);
  return [...found];
}

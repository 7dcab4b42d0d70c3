/** Which weights training would change. */

import type { Weight } from "../layers/weight";
import type { Weighted } from "../layers/weighted";

/** The weights that can be trained, then the others: Keras' two lists, a weight that is shared once in each. */
export function weightsByTraining(root: Weighted): { trainable: readonly Weight[]; fixed: readonly Weight[] } {
  return { trainable: [...new Set(trainable(root))], fixed: [...new Set(fixed(root))] };
}

function trainable(part: Weighted): readonly Weight[] {
  if (!part.trainable) return [];
  const own = part.variables.filter((weight) => weight.trainable);
  return [...own, ...part.children().flatMap(([, child]) => trainable(child))];
}

function fixed(part: Weighted): readonly Weight[] {
  if (!part.trainable) return part.weights;
  const own = part.variables.filter((weight) => !weight.trainable);
  return [...own, ...part.children().flatMap(([, child]) => fixed(child))];
}

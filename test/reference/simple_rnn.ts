/** Float64 twin of SimpleRNN: h' = f(x·W + h·U + b). */

import { dot, type Outcome, type Recurrence, walk } from "./recurrent";

export function simpleRnnReference(sequence: Recurrence): Outcome {
  const { units, kernel, recurrentKernel, bias, activation = Math.tanh } = sequence;
  return walk(sequence, (x, [h = []]) => {
    const next = h.map((_, u) =>
      activation((bias?.[u] ?? 0) + dot(x, kernel, units, u) + dot(h, recurrentKernel, units, u)),
    );
    return [next];
  });
}

/**
 * Float64 twin of the GRU, gates z r h:
 *   z, r = σ(x·W + h·U + b)   h' = z·h + (1 - z)·h̃
 *   h̃ = tanh(x·W + b + r·(h·U + bᵣ)) with reset after, else tanh(x·W + b + (r·h)·U)
 */

import { dot, type Outcome, type Recurrence, sigmoid, walk } from "./recurrent";

export function gruReference(sequence: Recurrence): Outcome {
  const { units, kernel, recurrentKernel, bias, resetAfter = true } = sequence;
  const { activation = Math.tanh, recurrentActivation = sigmoid } = sequence;
  const columns = 3 * units;
  const inputBias = (column: number) => bias?.[column] ?? 0;
  const recurrentBias = (column: number) => (resetAfter ? (bias?.[columns + column] ?? 0) : 0);
  return walk(sequence, (x, [h = []]) => {
    const input = (column: number) => inputBias(column) + dot(x, kernel, columns, column);
    const recurrent = (values: number[], column: number) =>
      recurrentBias(column) + dot(values, recurrentKernel, columns, column);
    const gate = (index: number) =>
      h.map((_, u) => recurrentActivation(input(index * units + u) + recurrent(h, index * units + u)));
    const [z, r] = [gate(0), gate(1)];
    const reset = h.map((value, u) => (r[u] as number) * value);
    const next = h.map((value, u) => {
      const column = 2 * units + u;
      const inner = resetAfter ? (r[u] as number) * recurrent(h, column) : recurrent(reset, column);
      const update = z[u] as number;
      return update * value + (1 - update) * activation(input(column) + inner);
    });
    return [next];
  });
}

/**
 * Float64 twin of the LSTM, gates i f c o:
 *   i, f, o = σ(x·W + h·U + b)   c' = f·c + i·tanh(x·W + h·U + b)   h' = o·tanh(c')
 */

import { dot, type Outcome, type Recurrence, sigmoid, walk } from "./recurrent";

export function lstmReference(sequence: Recurrence): Outcome {
  const { units, kernel, recurrentKernel, bias } = sequence;
  const { activation = Math.tanh, recurrentActivation = sigmoid } = sequence;
  return walk(sequence, (x, [h = [], c = []]) => {
    const pre = (gate: number, u: number) => {
      const column = gate * units + u;
      return (bias?.[column] ?? 0) + dot(x, kernel, 4 * units, column) + dot(h, recurrentKernel, 4 * units, column);
    };
    const cell = c.map((kept, u) => {
      const input = recurrentActivation(pre(0, u)) * activation(pre(2, u));
      return recurrentActivation(pre(1, u)) * kept + input;
    });
    return [cell.map((value, u) => recurrentActivation(pre(3, u)) * activation(value)), cell];
  });
}

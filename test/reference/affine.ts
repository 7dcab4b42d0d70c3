/** Float64 twin of the dense product: y = f(b + x·W), x [m][k], W [k][n], y [m][n]. */

import type { Scalar } from "./recurrent";

export function affineReference(
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  bias: ArrayLike<number> | undefined,
  [m, k, n]: readonly [number, number, number],
  activation: Scalar,
): number[] {
  return Array.from({ length: m * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    let sum = bias?.[column] ?? 0;
    for (let i = 0; i < k; i++) sum += (x[row * k + i] as number) * (w[i * n + column] as number);
    return activation(sum);
  });
}

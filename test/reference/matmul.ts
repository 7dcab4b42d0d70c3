/** Float64 twin of `matmul` for one pair of matrices in C order: a [m][k] times b [k][n], or [n][k] transposed. */
export function matmulReference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  [m, k, n]: readonly [number, number, number],
  transposed: boolean,
): number[] {
  return Array.from({ length: m * n }, (_, at) => {
    const [row, col] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let j = 0; j < k; j++) {
      sum += (a[row * k + j] as number) * (b[transposed ? col * k + j : j * n + col] as number);
    }
    return sum;
  });
}

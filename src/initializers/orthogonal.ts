/** Matrices with orthonormal rows or columns. */

/** Vectors that are taken from all others while they are in the cache. */
const AT_ONCE = 16;

/**
 * Q of the QR decomposition of a matrix of normal numbers, with a positive diagonal of R, which makes Q uniform among
 * all such matrices. With more columns than rows its rows are orthonormal, else its columns.
 *
 * Modified Gram–Schmidt in double precision: it loses as many digits as the condition of the matrix has, and those of
 * Gaussian matrices are few.
 *
 * @param draw A standard normal variable.
 * @returns the matrix in C order.
 * @see Saxe, McClelland & Ganguli 2014; Mezzadri 2007 (the sign of R).
 */
export function orthogonalMatrix(rows: number, columns: number, draw: () => number): Float64Array {
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const vectors = Array.from({ length: count }, () => Float64Array.from({ length }, draw));
  for (let first = 0; first < count; first += AT_ONCE) {
    const units = vectors.slice(first, first + AT_ONCE);
    units.forEach((vector, k) => {
      for (const unit of units.slice(0, k)) removePart(vector, unit);
      const scale = 1 / Math.sqrt(dot(vector, vector));
      for (let i = 0; i < length; i++) (vector[i] as number) *= scale;
    });
    for (const vector of vectors.slice(first + AT_ONCE)) for (const unit of units) removePart(vector, unit);
  }
  const matrix = new Float64Array(rows * columns);
  const [vectorStep, elementStep] = rows < columns ? [columns, 1] : [1, columns];
  vectors.forEach((vector, k) => {
    for (let i = 0; i < length; i++) matrix[k * vectorStep + i * elementStep] = vector[i] as number;
  });
  return matrix;
}

/** In four sums, which do not wait for each other. */
function dot(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    s0 += (a[i] as number) * (b[i] as number);
    s1 += (a[i + 1] as number) * (b[i + 1] as number);
    s2 += (a[i + 2] as number) * (b[i + 2] as number);
    s3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (; i < a.length; i++) s0 += (a[i] as number) * (b[i] as number);
  return s0 + s1 + (s2 + s3);
}

/** Takes from `vector` its part along `unit`. */
function removePart(vector: Float64Array, unit: Float64Array): void {
  const along = dot(vector, unit);
  for (let i = 0; i < vector.length; i++) (vector[i] as number) -= along * (unit[i] as number);
}

/** Matrices with orthonormal rows or columns. */

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
  vectors.forEach((vector, k) => {
    const scale = 1 / Math.sqrt(dot(vector, vector));
    for (let i = 0; i < length; i++) (vector[i] as number) *= scale;
    for (let other = k + 1; other < count; other++) removePart(vectors[other] as Float64Array, vector);
  });
  const matrix = new Float64Array(rows * columns);
  const [vectorStep, elementStep] = rows < columns ? [columns, 1] : [1, columns];
  vectors.forEach((vector, k) => {
    for (let i = 0; i < length; i++) matrix[k * vectorStep + i * elementStep] = vector[i] as number;
  });
  return matrix;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Takes from `vector` its part along `unit`. */
function removePart(vector: Float64Array, unit: Float64Array): void {
  const along = dot(vector, unit);
  for (let i = 0; i < vector.length; i++) (vector[i] as number) -= along * (unit[i] as number);
}

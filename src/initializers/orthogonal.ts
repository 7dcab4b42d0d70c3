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
 * @param numbers Standard normal numbers, as many as the matrix has; they are overwritten.
 * @returns the matrix times `gain`, in C order.
 * @see Saxe, McClelland & Ganguli 2014; Mezzadri 2007 (the sign of R).
 */
export function orthogonalMatrix(rows: number, columns: number, gain: number, numbers: Float64Array): Float32Array {
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const vectors = Array.from({ length: count }, (_, k) => numbers.subarray(k * length, (k + 1) * length));
  for (let first = 0; first < count; first += AT_ONCE) {
    const end = first + AT_ONCE;
    for (let k = first; k < count; k++) {
      const vector = vectors[k] as Float64Array;
      const square = removeParts(vector, vectors, first, Math.min(k, end));
      if (k < end) scale(vector, 1 / Math.sqrt(square));
    }
  }
  const matrix = new Float32Array(rows * columns);
  const [vectorStep, elementStep] = rows < columns ? [columns, 1] : [1, columns];
  vectors.forEach((vector, k) => {
    for (let i = 0; i < length; i++) matrix[k * vectorStep + i * elementStep] = gain * (vector[i] as number);
  });
  return matrix;
}

/**
 * Takes from `vector` its parts along the units from `first` to before `end`, one after another. Gives the squared
 * length of what is left.
 */
function removeParts(vector: Float64Array, units: readonly Float64Array[], first: number, end: number): number {
  let next = first < end ? (units[first] as Float64Array) : vector;
  let along = dot(vector, next);
  for (let k = first; k < end; k++) {
    const unit = next;
    next = k + 1 < end ? (units[k + 1] as Float64Array) : vector;
    along = removePart(vector, along, unit, next);
  }
  return along;
}

function scale(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) (vector[i] as number) *= factor;
}

/** In four sums, which do not wait for each other. */
function dot(a: Float64Array, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
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

/** Takes `along` times `unit` from `vector`. Gives, in the same pass, the `dot` of the rest and `next`. */
function removePart(vector: Float64Array, along: number, unit: Float64Array, next: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < vector.length; i += 4) {
    const v0 = (vector[i] as number) - along * (unit[i] as number);
    const v1 = (vector[i + 1] as number) - along * (unit[i + 1] as number);
    const v2 = (vector[i + 2] as number) - along * (unit[i + 2] as number);
    const v3 = (vector[i + 3] as number) - along * (unit[i + 3] as number);
    vector[i] = v0;
    vector[i + 1] = v1;
    vector[i + 2] = v2;
    vector[i + 3] = v3;
    s0 += v0 * (next[i] as number);
    s1 += v1 * (next[i + 1] as number);
    s2 += v2 * (next[i + 2] as number);
    s3 += v3 * (next[i + 3] as number);
  }
  for (; i < vector.length; i++) {
    const v = (vector[i] as number) - along * (unit[i] as number);
    vector[i] = v;
    s0 += v * (next[i] as number);
  }
  return s0 + s1 + (s2 + s3);
}

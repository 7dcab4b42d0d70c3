/** Numbers as JSON can hold them. */

/** Decimals that are the shortest for a float32. JSON has no NaN and no infinity: they become strings. */
export function shortest(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortest);
  if (typeof value !== "number" || Number.isInteger(value)) return value;
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

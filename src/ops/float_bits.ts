/** Floats in descriptors, which hold words. */

/** The bits of a float32, for descriptors. */
export function floatBits(value: number): number {
  FLOAT[0] = value;
  return BITS[0] as number;
}
const FLOAT = new Float32Array(1);
const BITS = new Int32Array(FLOAT.buffer);

/** A workload as bench/rivals/models/make.py wrote it: shapes, weights, input, and outputs in float64. */

/**
 * @typedef {{ shape: number[], data: Float32Array }} Weight
 * @param {(file: string) => Promise<Uint8Array>} read Reads a file of build/rivals/models.
 */
export async function readWorkload(name, read) {
  const { arrays, ...described } = JSON.parse(new TextDecoder().decode(await read(`${name}.json`)));
  const { buffer, byteOffset } = await read(`${name}.bin`);
  const take = ({ shape, offset }, Type = Float32Array) => {
    const size = shape.reduce((product, side) => product * side, 1);
    return new Type(buffer.slice(byteOffset + 4 * offset, byteOffset + 4 * (offset + size)));
  };
  const one = (wanted) => arrays.find((array) => array.name === wanted);
  const resetBefore = one("expected reset_before");
  return {
    ...described,
    layers: described.layers.map((layer, k) => ({
      ...layer,
      weights: arrays.filter((array) => array.name === `layer ${k}`).map((array) => ({ ...array, data: take(array) })),
    })),
    input: take(one("input"), described.vocabulary ? Int32Array : Float32Array),
    inputShape: one("input").shape,
    expected: take(one("expected")),
    expectedResetBefore: resetBefore && take(resetBefore),
  };
}

/** Comparing what two ways gave. */

/**
 * @param within The difference that is allowed; without it all bits are compared.
 * @throws for the first number that is another one.
 */
export function mustBeSame(what: string, got: ArrayLike<number>, wanted: ArrayLike<number>, within?: number): void {
  const isSame = (a: number, b: number) => (within === undefined ? Object.is(a, b) : Math.abs(a - b) < within);
  for (let k = 0; k < wanted.length; k++) {
    if (!isSame(got[k] as number, wanted[k] as number)) {
      throw new Error(`${what}: expected ${wanted[k]} at ${k}, got ${got[k]}`);
    }
  }
}

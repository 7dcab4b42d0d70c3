/** Seeded random numbers with 32-bit integers alone, so that every engine draws the same. */

/** One number in [0, 1), a multiple of 2^-53. */
export type Stream = () => number;

/** Rounds after which the seed has reached every bit. */
const WARM_UP = 16;

/**
 * The stream of a seed.
 * @param seed A whole number; those below 2^53 in size that differ give different streams.
 * @param domain Streams of different domains have nothing in common.
 * @see Doty-Humphrey, PractRand (2014), generator `sfc32`: three words of chaos and a counter, period at least 2^32.
 */
export function stream(seed: number, domain: number): Stream {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = domain | 0;
  let counter = 1;
  const word = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum;
  };
  for (let k = 0; k < WARM_UP; k++) word();
  return () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
}

/** Streams handed out to weights that were given no seed. */
let unseeded = 0;

/** The stream of a seed; of null one that no other weight has. */
export function streamOf(seed: number | null): () => Stream {
  if (seed !== null) return () => stream(seed, 1);
  const own = unseeded++;
  return () => stream(own, 2);
}

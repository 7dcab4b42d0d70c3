/** Seeded damage to bytes: what disks, networks and attackers do to any file. */

/** A seeded whole number below `limit`. */
export type Next = (limit: number) => number;

export function oneOf<T>(list: readonly T[], next: Next): T {
  return list[next(list.length)] as T;
}

/** Numbers that lengths, offsets, counts and shapes do not expect. */
export const EXTREMES = [0, 1, 2 ** 7, 2 ** 15, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 53, 2 ** 64 - 1];
const DAMAGES: ((bytes: Uint8Array, next: Next) => Uint8Array)[] = [
  function flipBits(bytes, next) {
    for (let flips = 1 + next(8); flips > 0; flips--) bytes[next(bytes.length)]! ^= 1 << next(8);
    return bytes;
  },
  function setBytes(bytes, next) {
    for (let sets = 1 + next(4); sets > 0; sets--) bytes[next(bytes.length)] = [0, 1, 0x7f, 0x80, 0xff][next(5)]!;
    return bytes;
  },
  function lie(bytes, next) {
    const [width, value] = [[1, 2, 4, 8][next(4)]!, EXTREMES[next(EXTREMES.length)]!];
    const at = next(Math.max(1, bytes.length - width));
    for (let i = 0; i < width; i++) bytes[at + i] = Math.floor(value / 256 ** i) % 256;
    return bytes;
  },
  function copyWithin(bytes, next) {
    return bytes.copyWithin(next(bytes.length), next(bytes.length), next(bytes.length));
  },
  function truncate(bytes, next) {
    return bytes.slice(0, next(bytes.length));
  },
  function cutOut(bytes, next) {
    const at = next(bytes.length);
    return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1 + next(64))]);
  },
  function insert(bytes, next) {
    const [at, from] = [next(bytes.length), next(bytes.length)];
    return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(from, from + next(64)), ...bytes.subarray(at)]);
  },
];

/** A damaged copy. */
export function damaged(bytes: Uint8Array, next: Next): Uint8Array {
  if (bytes.length === 0) return bytes;
  const copy = DAMAGES[next(DAMAGES.length)]!(bytes.slice(), next);
  return next(4) === 0 ? damaged(copy, next) : copy;
}

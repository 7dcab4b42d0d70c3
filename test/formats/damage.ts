/** Seeded damage: what disks, networks and attackers do to files. */
import { unzipSync, zipSync } from "fflate";

export type Next = (limit: number) => number;

/** Numbers that lengths, offsets, counts and shapes do not expect. */
const EXTREMES = [0, 1, 2 ** 7, 2 ** 15, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 53, 2 ** 64 - 1];
/** The same in JSON. */
const ODD_VALUES = ["0", "-1", "1.5", "1e9", "1e400", "null", "true", "[]", "{}", '""', '"a"', "[[[[]]]]", "NaN"];

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

/** JSON that still parses, with one value or key that is not what it was. */
export function damagedJson(bytes: Uint8Array, next: Next): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  const values = [...text.matchAll(/"[^"\\]*"|-?\d+(\.\d+)?(e[+-]?\d+)?|true|false|null/g)];
  const { index, 0: old } = values[next(values.length)]!;
  const other = values[next(values.length)]![0];
  const value = next(3) === 0 ? other : ODD_VALUES[next(ODD_VALUES.length)]!;
  return new TextEncoder().encode(text.slice(0, index) + value + text.slice(index + old.length));
}

/** An archive whose directory is sound and one of whose members is not. */
export function damagedMember(bytes: Uint8Array, next: Next): Uint8Array {
  const members = unzipSync(bytes);
  const names = Object.keys(members);
  const name = names[next(names.length)]!;
  const damage = name.endsWith(".json") && next(2) === 0 ? damagedJson : damaged;
  return zipSync({ ...members, [name]: damage(members[name]!, next) }, { level: 0 });
}

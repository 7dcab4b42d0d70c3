/** Seeded damage to HDF5: addresses that lead elsewhere, also back to where they stand; sizes that lie. */
import { damaged, EXTREMES, type Next, oneOf } from "./bytes";

/** The places, on a multiple of 8, of numbers that may be addresses or sizes within the file. */
export function addressesIn(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places: number[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const value = view.getBigUint64(at, true);
    if (value > 0n && value < BigInt(bytes.length)) places.push(at);
  }
  return places;
}

/** One address becomes another one, its own place, or none at all. */
export function damagedHdf5(bytes: Uint8Array, places: readonly number[], next: Next): Uint8Array {
  if (next(2) === 0) return damaged(bytes, next);
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const value = (at: number) => view.getBigUint64(at, true);
  for (let changes = 1 + next(2); changes > 0; changes--) {
    const at = oneOf(places, next);
    const others = [value(oneOf(places, next)), BigInt(at), value(at) + 8n, BigInt(oneOf(EXTREMES, next))];
    view.setBigUint64(at, BigInt.asUintN(64, oneOf(others, next)), true);
  }
  return copy;
}

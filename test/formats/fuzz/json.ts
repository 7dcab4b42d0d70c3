/** Seeded damage to JSON that still parses: odd values, huge shapes, keys twice, names that make circles. */
import type { Json } from "../../../src/spec";
import { text } from "../support";
import { type Next, oneOf } from "./bytes";

const NAMES = [
  ...["__proto__", "constructor", "__lambda__", "Lambda", "", "a\0b"],
  ...["../../../etc/passwd", "/etc/passwd", "%2e%2e/x", ".\t./x", " https://other.org/x", "//other.org/x", "a/../../x"],
];
/** Values that no reader expects where they come to stand, as text: Python writes some that JSON has not. */
const ODD_VALUES = [
  ...["0", "-1", "1.5", "1e9", "9007199254740993", "1e400", "NaN", "Infinity", "null", "true", "[]", "{}", '"a"'],
  ...["[[[[]]]]", "[4294967296, 4294967296]", `${"[".repeat(500)}${"]".repeat(500)}`, `[${"0,".repeat(5000)}0]`],
  ...NAMES.map((name) => JSON.stringify(name)),
];

/** Every value of a JSON document, with a way to put another one in its place. */
function slotsOf(json: Json, slots: { get: Json; set: (value: Json | undefined) => void }[] = []) {
  if (json === null || typeof json !== "object") return slots;
  for (const [key, value] of Object.entries(json)) {
    const set = (other: Json | undefined) => {
      if (Array.isArray(json)) json.splice(Number(key), 1, ...(other === undefined ? [] : [other]));
      else if (other === undefined) delete json[key];
      else Object.defineProperty(json, key, { value: other, enumerable: true, configurable: true, writable: true });
    };
    slots.push({ get: value, set });
    slotsOf(value, slots);
  }
  return slots;
}

/** One value is gone, doubled, or another one of the same document: so come duplicates and circles. */
function rearranged(json: string, next: Next): string {
  const copy = JSON.parse(json) as Json;
  const slots = slotsOf(copy);
  const [slot, other] = [oneOf(slots, next), structuredClone(oneOf(slots, next).get)];
  const kinds = slots.filter(({ get }) => typeof get === typeof slot.get);
  slot.set([undefined, other, structuredClone(oneOf(kinds, next).get), [slot.get, slot.get]][next(4)]);
  return JSON.stringify(copy);
}

/** One value, or one key, is an odd one. */
function withOddValue(json: string, next: Next): string {
  const values = [...json.matchAll(/"[^"\\]*"|-?\d+(\.\d+)?(e[+-]?\d+)?|true|false|null/g)];
  const { index, 0: old } = oneOf(values, next);
  const value = next(3) === 0 ? oneOf(values, next)[0] : oneOf(ODD_VALUES, next);
  return json.slice(0, index) + value + json.slice(index + old.length);
}

/** A key stands twice in an object, or an odd key is new. */
function withKeyTwice(json: string, next: Next): string {
  const braces = [...json.matchAll(/\{/g)];
  const keys = [...json.matchAll(/"[^"\\]*"(?=:)/g)].map(([key]) => key);
  const key = next(4) === 0 ? JSON.stringify(oneOf(NAMES, next)) : oneOf(keys, next);
  const at = oneOf(braces, next).index + 1;
  const comma = json.slice(at).trimStart().startsWith("}") ? "" : ",";
  return `${json.slice(0, at)}${key}: ${oneOf(ODD_VALUES, next)}${comma}${json.slice(at)}`;
}

/** A damaged copy; most of them are JSON. */
export function damagedJson(json: string, next: Next): Uint8Array {
  return text([withOddValue, withOddValue, rearranged, withKeyTwice][next(4)]!(json, next));
}

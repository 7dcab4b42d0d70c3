/** JSON as Python writes it, from bytes, with its nesting bounded before anything recursive sees it. */
import { FormatError } from "../errors";
import type { Json, JsonObject } from "../spec";
import type { Allowance } from "./limits";

/** UTF-8 text, strictly; a byte order mark is dropped. @throws {FormatError} */
export function decodeText(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(where, "UTF-8 text", "other bytes", { cause });
  }
}

/**
 * Parses JSON. `Infinity`, `-Infinity` and `NaN`, which Python writes, are read; NaN becomes null.
 *
 * @throws {FormatError} when it is no JSON. @throws {LimitError} when it is nested too deeply.
 */
export function parseJson(source: Uint8Array | string, where: string, allowance: Allowance): Json {
  const text = typeof source === "string" ? source : decodeText(source, where);
  allowance.nest(where, depthOf(text));
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    try {
      return JSON.parse(withoutBareNumbers(text)) as Json;
    } catch {
      throw new FormatError(where, "JSON", cause instanceof Error ? cause.message : "other text", { cause });
    }
  }
}

/** The stretches of a text outside its strings, as [start, end); one pass, no recursion. */
function* outsideStrings(text: string): Generator<[number, number]> {
  for (let start = 0; start < text.length; ) {
    const quote = text.indexOf('"', start);
    yield [start, quote < 0 ? text.length : quote];
    if (quote < 0) return;
    for (start = quote + 1; start < text.length && text[start] !== '"'; start++) if (text[start] === "\\") start++;
    start++;
  }
}

/** The deepest level of brackets. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [start, end] of outsideStrings(text)) {
    for (let at = start; at < end; at++) {
      const c = text.charCodeAt(at) | 0x20; // [ and {, ] and } differ in this bit
      if (c === 0x7b) deepest = Math.max(deepest, ++depth);
      else if (c === 0x7d) depth--;
    }
  }
  return deepest;
}

/** Python's bare numbers in a form that JSON has: a number too large to hold, and null. */
function withoutBareNumbers(text: string): string {
  let [plain, done] = ["", 0];
  for (const [start, end] of outsideStrings(text)) {
    plain += text.slice(done, start) + text.slice(start, end).replaceAll("Infinity", "1e999").replaceAll("NaN", "null");
    done = end;
  }
  return plain + text.slice(done);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

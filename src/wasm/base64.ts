/** Base64 to bytes by a table, because a worklet has no `atob`. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Decodes padded base64 of the standard alphabet. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const value = new Uint8Array(128);
  for (let k = 0; k < 64; k++) value[ALPHABET.charCodeAt(k)] = k;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length >> 2) * 3 - padding);
  const at = (k: number) => value[text.charCodeAt(k)] as number;
  for (let from = 0, to = 0; from < text.length; from += 4, to += 3) {
    const word = (at(from) << 18) | (at(from + 1) << 12) | (at(from + 2) << 6) | at(from + 3);
    bytes[to] = word >> 16; // stores past the end are dropped by the typed array
    bytes[to + 1] = word >> 8;
    bytes[to + 2] = word;
  }
  return bytes;
}

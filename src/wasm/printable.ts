/**
 * Bytes from printable text. Servers compress what they send: text in which every byte has a spelling of its own
 * becomes nearly as small as the bytes do, which base64 does not, and nothing has to be inflated here.
 *
 * A digit is one of the 91 characters from # to ~ without the backslash. A byte is one digit or, from 91 on, an escape
 * and a digit: blank for 91 + digit, ! for 182 + digit. All bytes are 8 higher, modulo 256, as small negative numbers
 * are frequent in WebAssembly. scripts/printable.mjs writes it.
 */

const BASE = 91;
const SHIFT = 8;

/** The bytes that a text spells. */
export function fromPrintable(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    let value = digitAt(text, at);
    if (value < 0) value = (value + 4) * BASE + digitAt(text, ++at);
    bytes[count++] = value - SHIFT; // typed arrays count modulo 256
  }
  return bytes.slice(0, count);
}

/** The value of a digit; of a blank −3, of ! −2. */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code - (code > 92 ? 36 : 35);
}

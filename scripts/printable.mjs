/** Bytes as printable text, which src/wasm/printable.ts reads and describes. */

const BASE = 91;
const SHIFT = 8;
const ESCAPES = ["", " ", "!"];

const digit = (value) => String.fromCharCode(value + (value < 57 ? 35 : 36));

/** @param {Uint8Array} bytes */
export function toPrintable(bytes) {
  const spell = (byte) => {
    const value = (byte + SHIFT) & 255;
    return ESCAPES[Math.floor(value / BASE)] + digit(value % BASE);
  };
  return Array.from(bytes, spell).join("");
}

/** Bytes as printable text, which src/wasm/printable.ts reads and describes. */
export function toPrintable(bytes: Uint8Array): string;

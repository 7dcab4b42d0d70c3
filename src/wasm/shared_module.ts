/** The kernels for memory that threads share: the same module, told to take a memory instead of making one. */

const IMPORT = 2;
const MEMORY = 5;
/** Limits with a maximum, and shared. */
const SHARED = 3;

/**
 * Rewrites a module: its memory section goes, and an import of `env.memory` with the same limits, shared, comes.
 *
 * Sections stand in the order of their numbers, so that an import is put before the first with a larger one.
 * @see The WebAssembly core specification, binary format, modules.
 */
export function withSharedMemory(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const before = [module.subarray(0, 8)];
  const after: Uint8Array[] = [];
  let limits: readonly number[] = [];
  for (let at = 8; at < module.length; ) {
    const id = module[at] as number;
    const [size, start] = readSize(module, at + 1);
    const section = module.subarray(at, start + size);
    if (id === MEMORY) limits = Array.from(module.subarray(start + 2, start + size));
    else (id !== 0 && id < IMPORT ? before : after).push(section);
    at = start + size;
  }
  const name = (text: string) => [text.length, ...Array.from(text, (c) => c.charCodeAt(0))];
  const entry = [1, ...name("env"), ...name("memory"), 2, SHARED, ...limits];
  return joined([...before, new Uint8Array([IMPORT, entry.length, ...entry]), ...after]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** An unsigned number in LEB128, and where it ends. */
function readSize(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7, at++) {
    const byte = bytes[at] as number;
    value |= (byte & 127) << shift;
    if (byte < 128) return [value, at + 1];
  }
}

/** Milliseconds since some moment: threads that work together time themselves. A worklet has no `performance`. */
export function now(): number {
  return (globalThis as { performance?: { now(): number } }).performance?.now() ?? Date.now();
}

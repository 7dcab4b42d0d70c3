/**
 * Stands in for TextDecoder in the bundle for AudioWorklets, which have none. Only @assemblyscript/loader uses it,
 * for UTF-16 that a kernel would throw, and our kernels throw nothing; the build puts it before the loader.
 */
export class TextDecoder {
  /** The string of these UTF-16 code units. */
  decode(units: Uint16Array): string {
    return String.fromCharCode(...units);
  }
}

/** Files and addresses in a page or a web worker. */
import {
  hasScheme,
  type OpenedSource,
  openMemory,
  openUrl,
  parseAddress,
  type Source,
  type SourceOptions,
} from "./source";

export type { OpenedSource, Source, SourceOptions } from "./source";

/**
 * Reads a model's bytes. A string is an address, relative to the page.
 *
 * @throws {NetworkError} @throws {LimitError} @throws {ArgumentError}
 */
export async function openSource(source: Source, options: SourceOptions = {}): Promise<OpenedSource> {
  if (source instanceof URL) return openUrl(source, options);
  if (typeof source === "string") return openUrl(addressOf(source), options);
  return openMemory(source, options);
}

function addressOf(text: string): URL {
  if (hasScheme(text)) return parseAddress(text);
  return parseAddress(text, typeof document === "undefined" ? globalThis.location?.href : document.baseURI);
}

/** Calls `run` after what has already happened has been dealt with. Timers would wait for milliseconds. */
export function soon(run: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(null);
}

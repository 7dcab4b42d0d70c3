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
import type { WorkerEvents, WorkerHandle, WorkerHost } from "./worker_host";

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

/** How many threads run at once here, as far as the browser tells. */
export function processors(): number {
  return globalThis.navigator?.hardwareConcurrency ?? 2;
}

/** True where workers can read this thread's memory: on pages with COOP and COEP, in most browsers. */
export function sharesMemory(): boolean {
  return globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer === "function";
}

/** Starts a worker: by default the script beside this file. Bundlers know this form and bring the script along. */
export function startWorker(script: string | URL | undefined, events: WorkerEvents): WorkerHandle {
  const worker = script
    ? new Worker(script, { type: "module" })
    : new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  let isAlive = true;
  const end = (cause: unknown) => {
    worker.terminate();
    if (isAlive) events.died(cause);
    isAlive = false;
  };
  worker.onmessage = ({ data }) => events.message(data);
  worker.onmessageerror = () => end("a message that cannot be read");
  worker.onerror = (event) => end(event.message || "a script that cannot be loaded: it is recurra/worker");
  return {
    post: (message) => worker.postMessage(message),
    hold: () => {},
    terminate: async () => end("terminated"),
  };
}

/** The page or worker that started this worker. */
export function workerHost(): WorkerHost {
  const scope = globalThis as unknown as Pick<Worker, "onmessage" | "postMessage">;
  return {
    receive(listener) {
      scope.onmessage = ({ data }) => listener(data);
    },
    post: (message, transfer) => scope.postMessage(message, transfer),
  };
}

/** Files and addresses in Node, Bun and Deno. */
import type { FileHandle } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { IoError, LimitError } from "../errors";
import {
  checkSize,
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

/** Read at a time, so that progress is told and a signal is heard. */
const CHUNK = 1 << 22;

/**
 * Reads a model's bytes. A string with a scheme is an address, another one a path.
 *
 * @throws {IoError} when the file cannot be read. @throws {NetworkError} @throws {LimitError} @throws {ArgumentError}
 */
export async function openSource(source: Source, options: SourceOptions = {}): Promise<OpenedSource> {
  if (typeof source === "string" && !hasScheme(source)) return openFile(source, source, options);
  if (typeof source !== "string" && !(source instanceof URL)) return openMemory(source, options);
  const url = source instanceof URL ? source : parseAddress(source);
  return url.protocol === "file:" ? openFile(fileURLToPath(url), String(source), options) : openUrl(url, options);
}

/** This file, whether it was bundled as a module or as CommonJS. */
const here = () => (typeof __filename === "string" ? pathToFileURL(__filename) : import.meta.url);

/** Loads what most programs never use when it is first used: each takes milliseconds of the start. */
const threads = () => createRequire(here())("node:worker_threads") as typeof import("node:worker_threads");
const system = () => createRequire(here())("node:os") as typeof import("node:os");

/** How many threads run at once here. */
export function processors(): number {
  return system().availableParallelism();
}

/** True where workers can read this thread's memory. */
export function sharesMemory(): boolean {
  return true;
}

/**
 * The script of the workers: that of the package which this file is in. A bundle of this file looks for the package
 * where it stands and where the program runs (some give no place on the disk as theirs), then for the script alone.
 */
function installedScript(): string {
  const worker = "recurra/worker";
  for (const place of [here(), join(process.cwd(), "package.json")]) {
    try {
      return createRequire(place).resolve(worker);
    } catch {
      // Not from there.
    }
  }
  return fileURLToPath(new URL("./worker.cjs", here()));
}

/** Starts a worker: by default the script of the package that is installed. */
export function startWorker(script: string | URL | undefined, events: WorkerEvents): WorkerHandle {
  const { Worker } = threads();
  const worker = new Worker(script ?? installedScript());
  let cause: unknown;
  worker.on("message", (message) => events.message(message));
  worker.on("messageerror", (error) => {
    cause = error;
    void worker.terminate();
  });
  worker.on("error", (error) => {
    cause = error;
  });
  worker.on("exit", (code) => events.died(cause ?? `exit code ${code}`));
  return {
    post: (message) => worker.postMessage(message),
    hold: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
    terminate: async () => void (await worker.terminate()),
  };
}

/** The thread that started this worker. */
export function workerHost(): WorkerHost {
  const { parentPort } = threads();
  return {
    receive: (listener) => parentPort?.on("message", listener),
    post: (message, transfer) => parentPort?.postMessage(message, transfer),
  };
}

/** Calls `run` after what has already happened has been dealt with. */
export function soon(run: () => void): void {
  setImmediate(run);
}

async function openFile(path: string, name: string, options: SourceOptions): Promise<OpenedSource> {
  const { onProgress: _, ...quiet } = options;
  const sibling: OpenedSource["sibling"] = async (relative, onProgress) => {
    const beside = resolve(dirname(path), relative);
    return readFile(beside, beside, onProgress ? { ...quiet, onProgress } : quiet);
  };
  return { name, bytes: await readFile(path, name, options), sibling };
}

async function readFile(path: string, name: string, options: SourceOptions): Promise<Uint8Array> {
  options.signal?.throwIfAborted();
  let file: FileHandle | undefined;
  try {
    const { open } = await import("node:fs/promises"); // not before a file is read: it takes a millisecond
    file = await open(path);
    const { size } = await file.stat();
    checkSize(name, size, options);
    return await readAll(file, size, options);
  } catch (cause) {
    if (options.signal?.aborted) throw options.signal.reason;
    if (cause instanceof LimitError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new IoError(name, "a file", REASONS[code ?? ""] ?? message, { cause });
  } finally {
    await file?.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "none there",
  EISDIR: "a folder",
  EACCES: "no permission to read it",
};

async function readAll(file: FileHandle, size: number, options: SourceOptions): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await file.read(bytes, at, Math.min(CHUNK, size - at));
    if (bytesRead === 0) break;
    at += bytesRead;
    options.signal?.throwIfAborted();
    options.onProgress?.(at, size);
  }
  return bytes.subarray(0, at);
}

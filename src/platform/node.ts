/** Files and addresses in Node, Bun and Deno. */
import { type FileHandle, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
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

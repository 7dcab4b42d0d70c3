/** Where bytes come from: what the platforms share. */
import { ArgumentError, IoError, LimitError, NetworkError, show } from "../errors";

/** A file, an address, or the bytes themselves. */
export type Source = string | URL | Blob | ArrayBuffer | Uint8Array;

export interface SourceOptions {
  /** Instead of the platform's own, for headers, caches and tests. */
  readonly fetch?: typeof fetch;
  /** Rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
  /** Bytes that have arrived, and all of them where that is known. */
  readonly onProgress?: (loaded: number, total: number | null) => void;
  /** Default 2 GiB. */
  readonly maxBytes?: number;
}

export interface OpenedSource {
  /** The path or address that was given; `model` for bytes alone. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** A file beside this one, by a relative path, under the same limits. @throws {IoError} where there is none. */
  sibling(path: string, onProgress?: SourceOptions["onProgress"]): Promise<Uint8Array>;
}

/** @throws {LimitError} */
export function checkSize(where: string, bytes: number, { maxBytes = 2 ** 31 }: SourceOptions): void {
  if (bytes > maxBytes) {
    throw new LimitError(where, `at most ${maxBytes} bytes`, String(bytes), { details: { limit: "bytes", bytes } });
  }
}

/** Bytes that the caller holds already, or a Blob or File. @throws {ArgumentError} for anything else. */
export async function openMemory(source: unknown, options: SourceOptions): Promise<OpenedSource> {
  options.signal?.throwIfAborted();
  const name = source instanceof Blob && "name" in source ? String(source.name) : "model";
  const sibling = async (path: string): Promise<Uint8Array> => {
    throw new IoError(name, `${path} beside it`, "bytes alone; give topology and weights");
  };
  return { name, bytes: await toBytes(source, name, options), sibling };
}

async function toBytes(source: unknown, name: string, options: SourceOptions): Promise<Uint8Array> {
  if (source instanceof Blob) {
    checkSize(name, source.size, options);
    const body = source.stream();
    return collect(body, name, source.size, options);
  }
  if (ArrayBuffer.isView(source)) {
    const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    return tagOf(source.buffer) === "ArrayBuffer" ? bytes : bytes.slice(); // text of shared memory cannot be decoded
  }
  if (tagOf(source) === "ArrayBuffer") return new Uint8Array(source as ArrayBuffer);
  if (tagOf(source) === "SharedArrayBuffer") return new Uint8Array(source as ArrayBuffer).slice();
  throw new ArgumentError("source", "a path, a URL, a Blob or bytes", show(source));
}

/** By its tag, since a buffer of another realm is no instance of this one's class. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Downloads. @throws {NetworkError} when there is no answer or it is no success. @throws {LimitError} */
export async function openUrl(url: URL, options: SourceOptions): Promise<OpenedSource> {
  const { onProgress: _, ...quiet } = options;
  const sibling: OpenedSource["sibling"] = async (path, onProgress) => {
    const beside = await download(parseAddress(path, url.href), onProgress ? { ...quiet, onProgress } : quiet);
    return beside.bytes;
  };
  return { ...(await download(url, options)), sibling };
}

async function download(url: URL, options: SourceOptions): Promise<{ name: string; bytes: Uint8Array }> {
  const name = url.protocol === "data:" ? "data URL" : url.href;
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    const response = await (options.fetch ?? fetch)(url, signal ? { signal } : {});
    if (!response.ok) throw new NetworkError(name, "an answer with status 200", describe(response));
    const header = response.headers.get("content-encoding") ? null : response.headers.get("content-length");
    const total = header === null ? null : Number(header);
    if (total !== null) checkSize(name, total, options);
    if (!response.body) return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
    return { name, bytes: await collect(response.body, name, total, options) };
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    if (cause instanceof NetworkError || cause instanceof LimitError) throw cause;
    throw new NetworkError(name, "a download", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function describe({ status, statusText }: Response): string {
  return `${status} ${statusText}`.trim();
}

async function collect(
  body: ReadableStream<Uint8Array>,
  name: string,
  total: number | null,
  options: SourceOptions,
): Promise<Uint8Array> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      options.signal?.throwIfAborted();
      if (done) break;
      chunks.push(value);
      loaded += value.length;
      checkSize(name, loaded, options);
      options.onProgress?.(loaded, total);
    }
  } catch (error) {
    await reader.cancel(error).catch(() => {});
    throw error;
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** @throws {ArgumentError} when it is no address. */
export function parseAddress(text: string, base?: string): URL {
  try {
    return new URL(text, base);
  } catch (cause) {
    throw new ArgumentError("source", "an address", JSON.stringify(text.slice(0, 80)), { cause });
  }
}

/** True for `https://…`, `file:///…`, `data:…`; not for `C:\model.keras`. */
export function hasScheme(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(text);
}

/** Text that is read once, from its beginning: of a file, also a compressed one, or of standard input. */

import { open } from "node:fs/promises";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { FormatError } from "../index";
import { ioError } from "./source";

/** What stands for standard input where a file is named. */
export const STDIN = "-";

export interface Text {
  /** For errors. */
  readonly name: string;
  /** Bytes of the file; null where nobody knows. */
  readonly size: number | null;
  /** Bytes of it that have been read. */
  position(): number;
  /** Begins to read: whoever opens standard input and then does not want it waits for nobody. */
  begin(): Readable;
  close(): void;
}

export async function openText(file: string): Promise<Text> {
  if (file === STDIN) return textOf("standard input", null, process.stdin);
  const handle = await open(file);
  const { size } = await handle.stat();
  // Little at a time of what becomes much: the bytes that have been read are told as done.
  const stream = handle.createReadStream({ highWaterMark: isCompressed(file) ? 1 << 14 : 1 << 18 });
  const text = { ...textOf(file, size, stream), position: () => stream.bytesRead };
  if (!isCompressed(file)) return text;
  return { ...text, begin: () => pipeline(stream, createGunzip(), () => {}) }; // which gives the errors of both
}

function textOf(name: string, size: number | null, stream: Readable): Text {
  return { name, size, position: () => 0, begin: () => stream, close: () => void stream.destroy() };
}

export function isCompressed(file: string): boolean {
  return /\.gz$/i.test(file);
}

/** Why no more text came, as an error of the library. */
export function textError(name: string, cause: unknown): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code?.startsWith("Z_")) return new FormatError(name, "text that gzip compressed", message, { cause });
  return ioError(name, "a file that can be read", cause);
}

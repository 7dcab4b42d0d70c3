/** Where text and numbers go: a file that has its name when it is complete, standard output, or memory. */

import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { StateError } from "../index";
import { ioError } from "./source";

/** Takes bytes in order. */
export interface Sink {
  append(bytes: Uint8Array | string): Promise<void>;
  /** Writes over what is at the start; of files alone. */
  overwrite(bytes: Uint8Array): Promise<void>;
  /** What was appended outlives the machine's end. */
  sync(): Promise<void>;
  /** All has been written. */
  finish(): Promise<void>;
  /** Then: gives the file its name. */
  name(): Promise<void>;
  /** Ends before all has been written; it stays for another time, unless it is empty. */
  close(isEmpty: boolean): Promise<void>;
}

/** What a file is called until it is complete. */
export function partOf(file: string): string {
  return `${file}.part`;
}

/**
 * @param bytes What an earlier run wrote and knows to be right; the rest is cut off.
 * @throws {StateError} when not all of it is there.
 */
export async function fileSink(file: string, bytes: number): Promise<Sink> {
  const guarded = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (cause) {
      throw ioError(file, "a file that can be written", cause);
    }
  };
  const lost = (got: string) => new StateError(partOf(file), `the ${bytes} bytes that the interrupted run wrote`, got);
  const handle: FileHandle = await guarded(async () => {
    try {
      return await open(partOf(file), bytes > 0 ? "r+" : "w");
    } catch (cause) {
      throw bytes > 0 && (cause as NodeJS.ErrnoException).code === "ENOENT" ? lost("no such file") : cause;
    }
  });
  let end = bytes;
  const write = async (data: Uint8Array, at: number) => {
    for (let done = 0; done < data.length; ) {
      const { bytesWritten } = await handle.write(data, done, data.length - done, at + done);
      done += bytesWritten;
    }
  };
  const { size } = await guarded(() => handle.stat());
  if (size < bytes) {
    await handle.close();
    throw lost(`${size}`);
  }
  await guarded(() => handle.truncate(bytes));
  return {
    append: (data) =>
      guarded(async () => {
        const all = typeof data === "string" ? Buffer.from(data) : data;
        await write(all, end);
        end += all.length;
      }),
    overwrite: (data) => guarded(() => write(data, 0)),
    sync: () => guarded(() => handle.datasync()),
    finish: () =>
      guarded(async () => {
        await handle.datasync();
        await handle.close();
      }),
    name: () => guarded(() => rename(partOf(file), file)),
    async close(isEmpty) {
      await handle.close();
      if (isEmpty) await rm(partOf(file), { force: true });
    },
  };
}

/** Standard output, as fast as it is read. */
export function stdoutSink(): Sink {
  return {
    append: (text) => new Promise((resolve, reject) => process.stdout.write(text, (e) => (e ? reject(e) : resolve()))),
    overwrite: () => Promise.reject(new Error("standard output has no start")),
    sync: async () => {},
    finish: async () => void process.stdout.write("\n"),
    name: async () => {},
    close: async () => {},
  };
}

/** Files of text, one sample a line. */

import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { ioError, type Sample, type Source } from "./source";

/** A line that is not empty. */
export interface Line {
  readonly text: string;
  /** Says which it is, for errors. */
  readonly where: string;
}

/** What lines mean; of one file, as it may remember what came before. */
export interface LineFormat {
  /** True for a first line that is no sample. */
  isHeader(line: Line): boolean;
  /** One sample a line. */
  samples(lines: readonly Line[]): readonly Sample["value"][];
}

/** Lines that are passed by at a time. */
const SKIPPED = 4096;

/** Opens a file, of which no more is held in memory than the lines that are read at a time. */
export async function openLines(file: string, format: LineFormat): Promise<Source> {
  const handle = await open(file);
  const { size } = await handle.stat();
  const stream = handle.createReadStream({ highWaterMark: 1 << 18 });
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  const hash = createHash("sha256");
  let number = 0;
  let isFirst = true;

  async function take(count: number): Promise<readonly Line[]> {
    const taken: Line[] = [];
    while (taken.length < count) {
      const { value, done } = await lines.next();
      if (done) break;
      number++;
      const text = number === 1 ? value.replace(/^\uFEFF/, "") : value;
      if (text.trim() === "") continue;
      const line = { text, where: `${file}, line ${number}` };
      const isHeader = isFirst && format.isHeader(line);
      isFirst = false;
      if (isHeader) continue;
      taken.push(line);
      hash.update(text).update("\n");
    }
    return taken;
  }

  const guarded = <T>(run: Promise<T>): Promise<T> =>
    run.catch((cause) => {
      throw ioError(file, "a file that can be read", cause);
    });
  return {
    file,
    size,
    get position() {
      return stream.bytesRead;
    },
    async read(count) {
      const taken = await guarded(take(count));
      return format.samples(taken).map((value, k) => ({ where: (taken[k] as Line).where, value }));
    },
    async skip(count) {
      for (let left = count; left > 0; ) {
        const { length } = await guarded(take(Math.min(left, SKIPPED)));
        if (length === 0) return;
        left -= length;
      }
    },
    digest: () => hash.copy().digest("hex"),
    async close() {
      await lines.return?.();
      stream.destroy();
    },
  };
}

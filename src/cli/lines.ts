/** Text, one sample a line. */

import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import type { Sample, Source } from "./source";
import { openText, textError } from "./text";

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

/** Opens text, of which no more is held in memory than the lines that are read at a time. */
export async function openLines(from: string, format: LineFormat): Promise<Source> {
  const text = await openText(from);
  const { name: file, size } = text;
  let lines: AsyncIterator<string> | undefined;
  const hash = createHash("sha256");
  let number = 0;
  let isFirst = true;

  async function take(count: number): Promise<readonly Line[]> {
    lines ??= createInterface({ input: text.begin(), crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
    const taken: Line[] = [];
    while (taken.length < count) {
      const { value, done } = await lines.next();
      if (done) break;
      number++;
      const line = { text: number === 1 ? value.replace(/^\uFEFF/, "") : value, where: `${file}, line ${number}` };
      if (line.text.trim() === "") continue;
      const isHeader = isFirst && format.isHeader(line);
      isFirst = false;
      if (isHeader) continue;
      taken.push(line);
      hash.update(line.text).update("\n");
    }
    return taken;
  }

  const guarded = <T>(run: Promise<T>): Promise<T> =>
    run.catch((cause) => {
      throw textError(file, cause);
    });
  return {
    file,
    size,
    get position() {
      return text.position();
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
      await lines?.return?.();
      text.close();
    },
  };
}

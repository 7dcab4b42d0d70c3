/** Samples of one input, from a file of any size. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { ArgumentError, IoError, type NestedArray, type RecurraError, Tensor, tensor } from "../index";
import { openLines } from "./lines";
import { openNpy } from "./npy_source";
import { isCompressed, STDIN } from "./text";
import { csvLines, jsonError, jsonLines } from "./text_samples";

/** A shape of a model's input; null where any size goes. */
export type Shape = readonly (number | null)[];

/** A sample, [1, …], or why it is none. */
export interface Sample {
  /** The place in the file, for errors. */
  readonly where: string;
  readonly value: Tensor | RecurraError;
}

/** Samples, one after another. */
export interface Source {
  readonly file: string;
  /** Bytes, as far as they have been read, of all, if anybody knows. */
  readonly position: number;
  readonly size: number | null;
  /** So many samples, fewer at the end. */
  read(count: number): Promise<readonly Sample[]>;
  /** Passes by so many samples. */
  skip(count: number): Promise<void>;
  /** Tells whether others were read, or passed by, than at another time; whatever was wrong with them. */
  digest(): string;
  close(): Promise<void>;
}

/**
 * Opens the samples of an input.
 *
 * `.npy`    an array; its first axis counts the samples
 * `.jsonl`  one sample a line, as nested arrays; lengths may differ
 * `.csv`    one sample a row, its numbers in C order; a first row that holds no numbers is a header
 * `.json`   nested arrays; read as a whole
 *
 * Lines may be compressed, `.jsonl.gz` and `.csv.gz`; those of standard input, `-`, are of `.jsonl`.
 *
 * @param shape The model's input, batch axis included: tells how a row of a CSV file is folded.
 */
export async function openSource(file: string, shape: Shape): Promise<Source> {
  try {
    switch (typeOf(file)) {
      case ".npy":
        return await openNpy(file);
      case ".json":
        return openJson(file, await readFile(file, "utf8"));
      case ".jsonl":
      case ".jsonl.gz":
        return await openLines(file, jsonLines());
      case ".csv":
      case ".csv.gz":
        return await openLines(file, csvLines(shape));
      default:
        throw new ArgumentError(file, WANTED, typeOf(file) || "no extension");
    }
  } catch (cause) {
    throw ioError(file, "a file that can be read", cause);
  }
}

const WANTED = "a .npy, .json, .jsonl, .csv, .jsonl.gz or .csv.gz file, or - for .jsonl from standard input";

/** What a file is called at its end, also before it was compressed. */
function typeOf(file: string): string {
  if (file === STDIN) return ".jsonl";
  const last = extname(file);
  return `${isCompressed(file) ? extname(basename(file, last)) : ""}${last}`.toLowerCase();
}

/** What the system says of a file as an error of the library; others as they are. */
export function ioError(file: string, expected: string, cause: unknown): unknown {
  const { code, syscall } = cause as NodeJS.ErrnoException;
  return syscall === undefined ? cause : new IoError(file, expected, code ?? String(cause), { cause });
}

function openJson(file: string, text: string): Source {
  let all: Tensor;
  try {
    all = tensor(JSON.parse(text) as NestedArray);
  } catch (cause) {
    throw jsonError(file, cause);
  }
  const [count = 1, ...rest] = all.shape;
  const width = count === 0 ? 0 : all.data.length / count;
  let next = 0;
  return {
    file,
    size: count,
    get position() {
      return next;
    },
    async read(wanted) {
      const from = next;
      next = Math.min(count, from + wanted);
      return Array.from({ length: next - from }, (_, k) => {
        const at = (from + k) * width;
        const value = new Tensor([1, ...rest], all.dtype, all.data.subarray(at, at + width));
        return { where: `${file}[${from + k}]`, value };
      });
    },
    async skip(wanted) {
      next = Math.min(count, next + wanted);
    },
    digest() {
      const { buffer, byteOffset, BYTES_PER_ELEMENT } = all.data;
      const bytes = new Uint8Array(buffer, byteOffset, next * width * BYTES_PER_ELEMENT);
      return createHash("sha256").update(bytes).digest("hex");
    },
    close: async () => {},
  };
}

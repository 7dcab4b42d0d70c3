/** Samples from files: `.npy`, `.json`, `.jsonl`, `.csv`. */

import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { ArgumentError, FormatError, IoError, type NestedArray, Tensor, tensor, tensorFromNpy } from "../index";

/** A shape of a model's input; null where any size goes. */
type Shape = readonly (number | null)[];

/**
 * Reads samples for an input.
 *
 * `.npy`    the array itself
 * `.json`   nested arrays, the first axis counts the samples
 * `.jsonl`  one sample a line
 * `.csv`    one sample a row, its numbers in C order; a first row that holds no numbers is a header
 *
 * @param shape The model's input, batch axis included: tells how a row of a CSV file is folded.
 */
export async function readInput(file: string, shape: Shape): Promise<Tensor> {
  const bytes = await readBytes(file);
  const text = () => bytes.toString("utf8");
  switch (extname(file).toLowerCase()) {
    case ".npy":
      return tensorFromNpy(bytes, file);
    case ".json":
      return tensor(parseJson(text(), file) as NestedArray);
    case ".jsonl":
      return tensor(parseLines(text(), file));
    case ".csv":
      return folded(parseRows(text(), file), shape, file);
    default:
      throw new ArgumentError(file, "a .npy, .json, .jsonl or .csv file", extname(file) || "no extension");
  }
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new IoError(file, "a file that can be read", (cause as NodeJS.ErrnoException).code ?? String(cause), {
      cause,
    });
  }
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError(where, "JSON", (cause as Error).message, { cause });
  }
}

function parseLines(text: string, file: string): NestedArray {
  const lines = text.split("\n");
  return lines.flatMap((line, k) =>
    line.trim() === "" ? [] : [parseJson(line, `${file}, line ${k + 1}`) as NestedArray],
  );
}

function parseRows(text: string, file: string): number[][] {
  let rows: string[][];
  try {
    rows = parse(text, { skip_empty_lines: true, trim: true, bom: true });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new FormatError(file, "rows of numbers of the same length", cause.message, { cause });
  }
  const isNumber = (cell: string) => cell !== "" && !Number.isNaN(Number(cell));
  const header = rows[0]?.some(isNumber) === false ? 1 : 0;
  return rows.slice(header).map((row, r) =>
    row.map((cell, c) => {
      if (isNumber(cell) || cell.toLowerCase() === "nan") return Number(cell);
      throw new FormatError(`${file}, row ${r + 1 + header}, column ${c + 1}`, "a number", JSON.stringify(cell));
    }),
  );
}

/** Rows of numbers as samples of a shape with at most one unknown axis. */
function folded(rows: readonly number[][], shape: Shape, file: string): Tensor {
  const axes = shape.slice(1);
  const width = rows[0]?.length ?? 0;
  const known = axes.reduce<number>((product, d) => product * (d ?? 1), 1);
  const unknown = axes.filter((d) => d === null).length;
  const rest = width / known;
  if (unknown > 1 || !Number.isInteger(rest) || (unknown === 0 && rest !== 1)) {
    const wanted = axes.map((d) => d ?? "any").join(" × ");
    throw new FormatError(file, `rows of ${wanted} numbers`, `${width} numbers in a row`);
  }
  const dims = [rows.length, ...axes.map((d) => d ?? rest)];
  return new Tensor(dims, "float32", Float32Array.from(rows.flat()));
}

/** Lines of numbers as samples. */

import { type CsvError, parse } from "csv-parse/sync";
import { FormatError, type NestedArray, RecurraError, Tensor, tensor } from "../index";
import type { Line, LineFormat } from "./lines";
import type { Sample, Shape } from "./source";

type Value = Sample["value"];

/** JSON Lines: nested arrays, which may differ in length. */
export function jsonLines(): LineFormat {
  return { isHeader: () => false, samples: (lines) => lines.map(jsonSample) };
}

function jsonSample({ text, where }: Line): Value {
  try {
    return tensor([JSON.parse(text) as NestedArray] as NestedArray);
  } catch (cause) {
    return jsonError(where, cause);
  }
}

/** Why a text holds no numbers. @throws what has another reason. */
export function jsonError(where: string, cause: unknown): FormatError {
  if (cause instanceof SyntaxError) return new FormatError(where, "JSON", cause.message, { cause });
  if (!RecurraError.is(cause)) throw cause;
  return new FormatError(where, cause.expected, cause.got, { cause });
}

/** Rows of numbers, all of the same length, in C order. */
export function csvLines(shape: Shape): LineFormat {
  let width: number | undefined;
  const sample = ({ where }: Line, cells: readonly string[]): Value => {
    width ??= cells.length;
    if (cells.length !== width) return new FormatError(where, `${width} numbers, as before`, `${cells.length}`);
    const numbers = cells.map(numberOf);
    const odd = numbers.indexOf(undefined);
    if (odd >= 0) return new FormatError(`${where}, column ${odd + 1}`, "a number", JSON.stringify(cells[odd]));
    return folded(Float32Array.from(numbers as number[]), shape, where);
  };
  return {
    isHeader: (line) => {
      const cells = cellsOf([line]);
      return !(cells instanceof RecurraError) && cells[0]?.every((cell) => numberOf(cell) === undefined) === true;
    },
    samples(lines) {
      const all = cellsOf(lines);
      if (!(all instanceof RecurraError)) return lines.map((line, k) => sample(line, all[k] as string[]));
      return lines.map((line) => {
        const cells = cellsOf([line]);
        return cells instanceof RecurraError ? cells : sample(line, cells[0] as string[]);
      });
    },
  };
}

/** What has no digits, as Python and R write it. */
const SPECIAL = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i;

/** Undefined for a cell that holds no number. */
function numberOf(cell: string): number | undefined {
  const [isSpecial, sign, nan] = SPECIAL.exec(cell) ?? [];
  if (isSpecial) return nan ? Number.NaN : Number(`${sign}Infinity`);
  const read = cell === "" ? Number.NaN : Number(cell);
  return Number.isNaN(read) ? undefined : read;
}

/** The cells of each line; an error when one of them is no row of its own. */
function cellsOf(lines: readonly Line[]): readonly string[][] | FormatError {
  const where = lines[0]?.where ?? "";
  try {
    const rows: string[][] = parse(lines.map(({ text }) => text).join("\n"), { trim: true, relax_column_count: true });
    if (rows.length === lines.length) return rows;
    return new FormatError(where, "a row a line", "quotes over several");
  } catch (cause) {
    return new FormatError(where, "numbers between commas", (cause as CsvError).message, { cause });
  }
}

/** A row of numbers as a sample of a shape with at most one unknown axis. */
function folded(values: Float32Array, shape: Shape, where: string): Value {
  const axes = shape.slice(1);
  const known = axes.reduce<number>((product, d) => product * (d ?? 1), 1);
  const unknown = axes.filter((d) => d === null).length;
  const rest = values.length / known;
  if (unknown > 1 || !Number.isInteger(rest) || (unknown === 0 && rest !== 1)) {
    const wanted = axes.map((d) => d ?? "any").join(" × ");
    return new FormatError(where, `rows of ${wanted} numbers`, `${values.length} numbers in a row`);
  }
  return new Tensor([1, ...axes.map((d) => d ?? rest)], "float32", values);
}

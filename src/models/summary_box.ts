/** The table of Keras 3, which the Python package rich draws there. */

import { ArgumentError } from "../errors";
import { type Summary, type SummaryRow, tuple, withCommas } from "./summary_rows";

/** Where columns end, as shares of the line. */
const CHAIN = { length: 88, ends: [0.45, 0.8, 1] };
const CONNECTED = { length: 108, ends: [0.3, 0.56, 0.74, 1] };
const HEADER = ["Layer (type)", "Output Shape", "Param #", "Connected to"];

/** The column that is flush right. */
const PARAMS = 2;

/** @see Keras 3, utils/summary_utils.py, `print_summary`; rich 13, table.py. */
export function boxTable(summary: Summary, lineLength?: number): string {
  const layout = summary.connected ? CONNECTED : CHAIN;
  const length = lineLength ?? layout.length;
  const widths = columnWidths(length, layout.ends, summary.name);
  const rule = (left: string, dash: string, cross: string, right: string) =>
    left + widths.map((width) => dash.repeat(width)).join(cross) + right;
  const header = HEADER.slice(0, widths.length);
  const rows = summary.rows.map((row) => drawn(fields(row, summary.connected), widths, "│"));
  const totals = [
    total("Total params", summary.trainable + summary.fixed),
    total("Trainable params", summary.trainable),
    total("Non-trainable params", summary.fixed),
  ];
  const lines = [
    `Model: "${summary.name}"`,
    rule("┏", "━", "┳", "┓"),
    ...drawn(header, widths, "┃"),
    rule("┡", "━", "╇", "┩"),
    ...rows.flatMap((row, k) => (k === 0 ? row : [rule("├", "─", "┼", "┤"), ...row])),
    rule("└", "─", "┴", "┘"),
    ...totals,
  ];
  return `${lines.join("\n")}\n`;
}

function fields(row: SummaryRow, connected: boolean): readonly string[] {
  const shapes = row.calls.at(-1)?.map(tuple) ?? ["?"];
  const shape = shapes.length > 1 ? `[${shapes.join(", ")}]` : (shapes[0] ?? "?");
  const params = row.params === null ? "0 (unbuilt)" : withCommas(row.params);
  const cells = [`${row.name} (${row.className})`, shape, params];
  return connected ? [...cells, row.connections.join(", ") || "-"] : cells;
}

/** The columns with their padding. What borders and padding take is taken from all columns alike. */
function columnWidths(length: number, ends: readonly number[], name: string): readonly number[] {
  const places = ends.map((share) => Math.floor(share * length));
  const wanted = places.map((end, k) => end - (places[k - 1] ?? 0));
  if (wanted.some((width) => width < 4)) {
    throw new ArgumentError(`${name}.summary, lineLength`, "room for four characters a column", String(length));
  }
  let excess = wanted.reduce((sum, width) => sum + width + 2, 0) - (length - wanted.length - 1);
  return wanted.map((width, k) => {
    const less = halfToEven(excess / (wanted.length - k));
    excess -= less;
    return width + 2 - less;
  });
}

/** One row of cells, which may take several lines. */
function drawn(cells: readonly string[], widths: readonly number[], border: string): readonly string[] {
  const columns = cells.map((text, k) => wrapped(text, (widths[k] as number) - 2));
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) => {
    const parts = columns.map((lines, k) => {
      const text = lines[at] ?? "";
      const width = (widths[k] as number) - 2;
      return ` ${k === PARAMS ? text.padStart(width) : text.padEnd(width)} `;
    });
    return border + parts.join(border) + border;
  });
}

/** Lines broken between words; a word that is longer than a line is cut off. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/\s*\S+\s*/g) ?? []) {
    if (line !== "" && line.length + word.trimEnd().length > width) {
      lines.push(line);
      line = "";
    }
    line += word;
  }
  const shown = [...lines, line].map((part) => part.trimEnd());
  return shown.map((part) => (part.length > width ? `${part.slice(0, width - 1)}…` : part));
}

function total(what: string, params: number): string {
  return ` ${what}: ${withCommas(params)} (${bytesText(4 * params)})`;
}

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** `1.38 MB`, rounded as Python rounds. */
function bytesText(bytes: number): string {
  let unit = 0;
  let size = bytes;
  for (; size >= 1024; size /= 1024) unit++;
  return `${(halfToEven(size * 100) / 100).toFixed(2)} ${UNITS[unit]}`;
}

function halfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

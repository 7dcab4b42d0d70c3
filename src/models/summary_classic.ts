/** The table of the Keras documents: that of Keras 2. */

import { type Summary, type SummaryRow, tuple, withCommas } from "./summary_rows";

/** Where columns end, as shares of the line. */
const CHAIN = { length: 65, ends: [0.45, 0.85, 1] };
const CONNECTED = { length: 98, ends: [0.33, 0.55, 0.67, 1] };

/** @see tf.keras 2.3, utils/layer_utils.py, `print_summary`. */
export function classicTable({ name, rows, connected, trainable, fixed }: Summary, lineLength?: number): string {
  const layout = connected ? CONNECTED : CHAIN;
  const length = lineLength ?? layout.length;
  const ends = layout.ends.map((share) => Math.floor(length * share));
  const rule = "_".repeat(length);
  const double = "=".repeat(length);
  const header = ["Layer (type)", "Output Shape", "Param #", ...(connected ? ["Connected to"] : [])];
  const body = rows.flatMap((row, k) => [
    ...cells(row, connected).map((fields) => line(fields, ends)),
    k === rows.length - 1 ? double : rule,
  ]);
  const totals = [
    `Total params: ${withCommas(trainable + fixed)}`,
    `Trainable params: ${withCommas(trainable)}`,
    `Non-trainable params: ${withCommas(fixed)}`,
  ];
  return `${[`Model: "${name}"`, rule, line(header, ends), double, ...body, ...totals, rule].join("\n")}\n`;
}

/** The lines of one layer: further connections stand below the first. */
function cells(row: SummaryRow, connected: boolean): readonly (readonly string[])[] {
  const fields = [
    `${row.name} (${row.className})`,
    shapeOf(row),
    row.params === null ? "0 (unused)" : String(row.params),
  ];
  if (!connected) return [fields];
  const [first = "", ...more] = row.connections;
  return [[...fields, first], ...more.map((connection) => ["", "", "", connection])];
}

/** Input layers and layers with several outputs show a list. */
function shapeOf({ calls, className }: SummaryRow): string {
  const written = calls.map((shapes) => {
    const tuples = shapes.map(tuple);
    return shapes.length > 1 || className === "InputLayer" ? `[${tuples.join(", ")}]` : (tuples[0] ?? "");
  });
  if (written.length === 0) return "?";
  return new Set(written).size === 1 ? (written[0] as string) : "multiple";
}

/** Fields side by side; what does not fit is cut off, and one blank always stands between two. */
function line(fields: readonly string[], ends: readonly number[]): string {
  let text = "";
  fields.forEach((field, k) => {
    const end = ends[k] as number;
    if (k > 0) text = `${text.slice(0, -1)} `;
    text = (text + field).slice(0, end).padEnd(end);
  });
  return text;
}

/** What the tables of a summary hold, and how its shapes and counts are written. */

import type { SymbolicShape } from "../layers/symbolic";

/** One layer. */
export interface SummaryRow {
  readonly name: string;
  readonly className: string;
  /** The shapes of all outputs, for each call; none where they are not known yet. */
  readonly calls: readonly (readonly SymbolicShape[])[];
  /** Null where the weights are not made yet. */
  readonly params: number | null;
  /** `layer[call][output]` of all that its calls take. */
  readonly connections: readonly string[];
}

export interface Summary {
  readonly name: string;
  readonly rows: readonly SummaryRow[];
  /** Show connections: the model is more than a chain. */
  readonly connected: boolean;
  readonly trainable: number;
  readonly fixed: number;
}

/** A shape as Python writes a tuple. */
export function tuple(shape: SymbolicShape): string {
  const items = shape.map((d) => (d === null ? "None" : String(d)));
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

/** `1,234,567` */
export function withCommas(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

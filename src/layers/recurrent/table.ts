/** An embedding and the recurrent layer behind it: the rows of the table times the input kernel, computed once. */

import { blocksOf, packColumns } from "../../ops/packing";
import type { Plan } from "../../ops/plan";
import type { Lookup } from "../../ops/slab";
import type { Engine, Versioned } from "../../wasm/engine";
import type { Weight } from "../weight";
import type { TableOfProducts } from "./sequence";

/** What of a cell goes into its table. */
interface TableCell extends Versioned {
  readonly units: number;
  readonly gates: number;
  readonly kernel: Weight;
  readonly recurrentKernel: Weight;
  packBias(engine: Engine, slots: number, to: number): void;
}

/** Rows of the embedding copied to WebAssembly memory at a time. */
const STAGED = 256;
/** Inputs below this count as 0, as in the kernels: see assembly/simd/lanes.ts. */
const TINY = Math.fround(1e-20);

/**
 * The table [inputDim][block of 8 units][gate][8] of bias + embeddings·W, and U packed alone.
 * Each sum has the order that the sequence kernels have, so that looking it up gives the same bits as computing it.
 *
 * @returns undefined where the table is larger than the engine's bound.
 */
export function packTable(plan: Plan, cell: TableCell, lookup: Lookup): TableOfProducts | undefined {
  const { units } = cell;
  const columns = columnsOf(cell);
  const { inputDim: ids, owner, key } = lookup;
  if (4 * ids * columns > plan.engine.tableBytes) return undefined;
  const source = {
    get version() {
      return owner.version + cell.version;
    },
  };
  return {
    table: plan.packed(
      cell,
      `table of ${key}`,
      ids * columns,
      (ptr) => fillTable(plan.engine, cell, lookup, ptr),
      source,
    ),
    weights: plan.packed(cell, "recurrent weights", columns * units, (ptr) => {
      packGates(plan.engine, cell, cell.recurrentKernel.data, units, ptr);
    }),
  };
}

/** Floats in a row of the table. */
function columnsOf({ units, gates }: TableCell): number {
  return blocksOf(units) * gates * 8;
}

function fillTable(
  engine: Engine,
  cell: TableCell,
  { table, inputDim: ids, outputDim: width }: Lookup,
  ptr: number,
): void {
  const columns = columnsOf(cell);
  const panels = columns * width;
  const base = engine.scratch.enter(4 * (panels + columns + STAGED * width));
  try {
    const [bias, x] = [base + 4 * panels, base + 4 * (panels + columns)];
    packGates(engine, cell, cell.kernel.data, width, base);
    cell.packBias(engine, cell.gates, bias);
    for (let first = 0; first < ids; first += STAGED) {
      const count = Math.min(STAGED, ids - first);
      const rows = table().subarray(first * width, (first + count) * width);
      engine.arena.f32.set(
        rows.map((value) => (Math.abs(value) < TINY ? 0 : value)),
        x >> 2,
      );
      engine.kernels.affine(x, width, base, bias, ptr + 4 * first * columns, columns, count, width, columns, 0, 0, 0);
    }
  } finally {
    engine.scratch.leave();
  }
}

/** The columns of all gates as panels [block of 8 units][gate][rows][8]. */
function packGates(engine: Engine, cell: TableCell, values: Float32Array, rows: number, to: number): void {
  const { units, gates } = cell;
  const all = { width: gates * units, from: 0, columns: units, parts: gates, partStep: 32 * rows };
  packColumns(engine, { ...all, values, rows, to, blockStep: gates * 8 * rows });
}

/** Cells one above the other, as one cell. */

import { ConfigError, show } from "../../errors";
import type { Plan } from "../../ops/plan";
import type { Slab } from "../../ops/slab";
import { numbered } from "../names";
import { configOf, type LayerOptions, readOptions } from "../options";
import type { SymbolicShape } from "../symbolic";
import { Cell, type Step } from "./cell";
import { isUserCell, UserCell, type UserCellDefinition } from "./user_cell";

/** Whatever can be walked over a sequence: a cell, a cell of your own, or a list of them. */
export type CellLike = Cell | UserCellDefinition | readonly (Cell | UserCellDefinition)[];

/** Options of {@link stackedRNNCells}. */
export interface StackedRNNCellsOptions extends LayerOptions {
  /** The first takes the input, each other one the output of the one before. */
  cells: readonly (Cell | UserCellDefinition)[];
}

const DEFAULTS = { cells: undefined as unknown as readonly CellLike[] };

/**
 * A stack of cells.
 *
 * Input    [batch, inputDim]; states in one flat list: cell by cell, h before c
 * Output   the last cell's, then all new states
 * Weights  those of the cells, in order
 *
 * @throws {ConfigError} when the list is empty or holds what is no cell.
 * @see Keras 3, `StackedRNNCells`.
 *
 * @example
 * const cell = layers.stackedRNNCells({ cells: [layers.lstmCell({ units: 4 }), layers.gruCell({ units: 2 })] });
 * layers.rnn({ cell, returnState: true }).apply(tensor(new Float32Array(30), [2, 5, 3])).length; // 4: y, h, c, h
 */
export class StackedRNNCells extends Cell {
  readonly className: string = "StackedRNNCells";
  readonly cells: readonly Cell[];

  constructor(options: StackedRNNCellsOptions) {
    const { cells } = readOptions("stackedRNNCells", options, DEFAULTS);
    super(options, "StackedRNNCells");
    if (!Array.isArray(cells) || cells.length === 0) {
      throw new ConfigError(`${this.name}.cells`, "a list of at least one cell", show(cells));
    }
    this.cells = cells.map((cell, k) => cellOf(`${this.name}.cells[${k}]`, cell));
  }

  get stateSizes(): readonly number[] {
    return this.cells.flatMap((cell) => cell.stateSizes);
  }

  get outputSize(): number {
    return (this.cells.at(-1) as Cell).outputSize;
  }

  override get stack(): readonly Cell[] {
    return this.cells;
  }

  override get takesAnyRank(): boolean {
    return (this.cells[0] as Cell).takesAnyRank;
  }

  override children() {
    return numbered("cells", this.cells);
  }

  twin(): StackedRNNCells {
    return new StackedRNNCells({ cells: this.cells.map((cell) => cell.twin()), name: this.name });
  }

  protected override createWeights([shape]: readonly SymbolicShape[]): void {
    let input = shape as SymbolicShape;
    for (const cell of this.cells) {
      cell.build(input);
      input = [input[0] as number | null, cell.outputSize];
    }
  }

  override planStep(plan: Plan, x: Slab, states: readonly Slab[]): Step {
    let output = x;
    let used = 0;
    const next = this.cells.flatMap((cell) => {
      const step = cell.planStep(plan, output, states.slice(used, used + cell.stateCount));
      used += cell.stateCount;
      output = step.output;
      return step.states;
    });
    return { output, states: next };
  }

  protected ownConfig() {
    return configOf({ cells: this.cells });
  }
}

/**
 * A cell of what was typed.
 * @throws {ConfigError} for anything without `call` and `stateSize`.
 */
export function cellOf(where: string, value: unknown): Cell {
  if (value instanceof Cell) return value;
  if (Array.isArray(value)) return new StackedRNNCells({ cells: value });
  if (isUserCell(value)) return new UserCell(value);
  throw new ConfigError(where, "a cell: a cell layer, or an object with call and stateSize", show(value));
}

/** See {@link StackedRNNCells}. */
export function stackedRNNCells(options: StackedRNNCellsOptions): StackedRNNCells {
  return new StackedRNNCells(options);
}

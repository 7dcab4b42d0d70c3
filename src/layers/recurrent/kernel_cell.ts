/** Cells whose whole sequence runs in one kernel call: SimpleRNN, LSTM, GRU. */

import { ShapeError, showShape } from "../../errors";
import { getInitializer, type Initializer, type InitializerOption } from "../../initializers";
import { type Activation, resolveActivation } from "../../ops/activation";
import { emitCopyRows, emitFill } from "../../ops/copy";
import { blocksOf, packColumns } from "../../ops/packing";
import { floatBits, type Plan } from "../../ops/plan";
import type { Slab } from "../../ops/slab";
import type { Engine } from "../../wasm/engine";
import { lanesOf, PASS, PASS_WORDS } from "../../wasm/sequence";
import { type LayerOptions, positiveInteger } from "../options";
import type { SymbolicShape } from "../symbolic";
import type { Weight } from "../weight";
import { Cell, type Step } from "./cell";

/** The options that cells with a kernel share. */
export interface KernelCellOptions extends LayerOptions {
  /** Width of the output and of each state. */
  units: number;
  /** A Keras name. Default `tanh`. */
  activation?: string | null;
  /** Default true. */
  useBias?: boolean;
  /** Default `glorot_uniform`. */
  kernelInitializer?: InitializerOption;
  /** Default `orthogonal`. */
  recurrentInitializer?: InitializerOption;
  /** Default `zeros`. */
  biasInitializer?: InitializerOption;
  /** These are kept for the configuration and do nothing at inference. */
  kernelRegularizer?: unknown;
  recurrentRegularizer?: unknown;
  biasRegularizer?: unknown;
  kernelConstraint?: unknown;
  recurrentConstraint?: unknown;
  biasConstraint?: unknown;
  dropout?: number;
  recurrentDropout?: number;
  seed?: number | null;
}

/** Keras' defaults of the options that decide numbers; `units` must be given. */
export const CELL_DEFAULTS = {
  units: undefined as unknown as number,
  activation: "tanh" as string | null,
  useBias: true,
  kernelInitializer: "glorot_uniform" as InitializerOption,
  recurrentInitializer: "orthogonal" as InitializerOption,
  biasInitializer: "zeros" as InitializerOption,
};

/** Keras' defaults of the options that only training heeds. */
export const TRAINING_DEFAULTS = {
  kernelRegularizer: null as unknown,
  recurrentRegularizer: null as unknown,
  biasRegularizer: null as unknown,
  kernelConstraint: null as unknown,
  recurrentConstraint: null as unknown,
  biasConstraint: null as unknown,
  dropout: 0,
  recurrentDropout: 0,
  seed: null as number | null,
};

/** How a sequence is walked and where its outputs go. */
export interface Walk {
  readonly cell: KernelCell;
  readonly x: Slab;
  readonly mask: Slab | undefined;
  /** From the last timestep to the first. */
  readonly backwards: boolean;
  /** Write each output at the place of its timestep, not in processing order. */
  readonly inPlace: boolean;
  readonly sequences: boolean;
  readonly zeroOutput: boolean;
  /** [batch, units] each; zeros when absent. */
  readonly states: readonly Slab[] | undefined;
  /** Where outputs go: columns from `column` on of rows `width` wide. */
  readonly y: Slab;
  readonly column: number;
}

export abstract class KernelCell extends Cell {
  readonly units: number;
  readonly activation: Activation;
  readonly useBias: boolean;
  kernel!: Weight;
  recurrentKernel!: Weight;
  bias: Weight | undefined;

  /** Columns of the kernel are this many blocks of `units`. */
  abstract readonly gates: number;
  /** Rows of 8 that the packed bias has for 8 units. */
  abstract readonly biasSlots: number;
  /** Calls the kernel. */
  abstract sequence(engine: Engine, pass: number): void;
  /** The bias as the kernel reads it: slot by slot, `units` each. */
  protected abstract biasSlot(slot: number): Float32Array | undefined;
  /** Words that only this kernel reads. */
  protected abstract words(): readonly (readonly [word: number, value: number])[];
  protected abstract biasShape(): readonly number[];

  constructor(
    options: LayerOptions,
    className: string,
    private readonly read: typeof CELL_DEFAULTS,
  ) {
    super(options, className);
    this.units = positiveInteger(`${this.name}.units`, read.units);
    this.activation = resolveActivation(`${this.name}.activation`, read.activation);
    this.useBias = read.useBias;
  }

  /** False for activations over rows (softmax …), which a kernel does not do between timesteps. */
  get hasKernel(): boolean {
    return this.activation.over === "elements";
  }

  get stateSizes(): readonly number[] {
    return [this.units];
  }

  get outputSize(): number {
    return this.units;
  }

  protected override createWeights(inputs: readonly SymbolicShape[]): void {
    const width = inputs[0]?.at(-1);
    if (typeof width !== "number") {
      throw new ShapeError(this.name, "a known number of features", showShape(inputs[0] ?? []));
    }
    const columns = this.gates * this.units;
    const initializer = (key: "kernelInitializer" | "recurrentInitializer" | "biasInitializer") =>
      getInitializer(`${this.name}.${key}`, this.read[key]);
    this.kernel = this.addWeight("kernel", [width, columns], initializer("kernelInitializer"));
    this.recurrentKernel = this.addWeight(
      "recurrent_kernel",
      [this.units, columns],
      initializer("recurrentInitializer"),
    );
    if (this.useBias)
      this.bias = this.addWeight("bias", this.biasShape(), this.biasStart(initializer("biasInitializer")));
  }

  /** How the bias begins; the LSTM puts 1 on its forget gate. */
  protected biasStart(initializer: Initializer): Initializer {
    return initializer;
  }

  get inputDim(): number {
    return this.kernel.shape[0] as number;
  }

  /** One step is a sequence of one. */
  override planStep(plan: Plan, x: Slab, states: readonly Slab[]): Step {
    const y = plan.slab([x.dim(0), this.units]);
    const sequence = x.view([x.dim(0), 1, x.dim(1)]);
    const after = planWalk(plan, {
      cell: this,
      x: sequence,
      mask: undefined,
      backwards: false,
      inPlace: false,
      sequences: false,
      zeroOutput: false,
      states,
      y,
      column: 0,
    });
    return { output: y, states: after() };
  }

  /** The packed weights: [block of 8 units][gate][inputDim + units][8]. */
  packedWeights(plan: Plan): { readonly ptr: number } {
    const { units, gates, inputDim } = this;
    const panel = 8 * (inputDim + units);
    return plan.packed(this, "weights", blocksOf(units) * gates * panel, (ptr) => {
      for (let gate = 0; gate < gates; gate++) {
        const shared = { width: gates * units, from: gate * units, columns: units, blockStep: gates * panel };
        const to = ptr + 4 * gate * panel;
        packColumns(plan.engine, { ...shared, values: this.kernel.data, rows: inputDim, to });
        packColumns(plan.engine, { ...shared, values: this.recurrentKernel.data, rows: units, to: to + 32 * inputDim });
      }
    });
  }

  /** The packed bias: [block of 8 units][slot][8]. */
  packedBias(plan: Plan): { readonly ptr: number } {
    const { units, biasSlots } = this;
    const floats = blocksOf(units) * biasSlots * 8;
    return plan.packed(this, "bias", floats, (ptr) => {
      const packed = new Float32Array(floats);
      for (let slot = 0; slot < biasSlots; slot++) {
        this.biasSlot(slot)?.forEach((value, unit) => {
          packed[((unit >> 3) * biasSlots + slot) * 8 + (unit & 7)] = value;
        });
      }
      plan.engine.arena.f32.set(packed, ptr >> 2);
    });
  }

  /** The descriptor's words for this cell: weights and activations. */
  cellWords(): readonly (readonly [word: number, value: number])[] {
    return [
      [PASS.units, this.units],
      [PASS.inputDim, this.inputDim],
      ...activationWords(PASS.activation, this.activation),
      ...this.words(),
    ];
  }
}

/** Code and parameters of an activation, at three words of a descriptor. */
export function activationWords(at: number, { code, alpha, beta }: Activation): readonly (readonly [number, number])[] {
  return [
    [at, code],
    [at + 1, floatBits(alpha)],
    [at + 2, floatBits(beta)],
  ];
}

/**
 * Appends the one kernel call that runs a whole sequence.
 * @returns a function that gives the final states as slabs [batch, units]; call it at most once, when they are wanted.
 */
export function planWalk(plan: Plan, walk: Walk): () => readonly Slab[] {
  const { cell, x, mask, y, column, states } = walk;
  const [batch, timesteps, inputDim] = x.shape as [number, number, number];
  const lanes = lanesOf(cell.units);
  const working = cell.stateSizes.map((_, k) => {
    const rows = plan.slab([batch, lanes]);
    const given = states?.[k];
    if (given) emitCopyRows(plan, given, rows, cell.units);
    else emitFill(plan, rows, 0);
    return rows;
  });
  const weights = cell.packedWeights(plan);
  const bias = cell.packedBias(plan);
  const kernels = plan.engine.kernels;
  const scratch = plan.slab([kernels.sequenceScratch(cell.gates, batch, inputDim, cell.units) >> 2]);
  const width = y.dim(-1);
  const [first, sign] = walk.backwards ? [timesteps - 1, -1] : [0, 1];
  const flip = walk.inPlace && walk.backwards;
  const pass = plan.descriptor(() => {
    const words = new Array<number>(PASS_WORDS).fill(0);
    const put: (readonly [number, number])[] = [
      [PASS.x, x.ptr + 4 * first * inputDim],
      [PASS.xStep, sign * inputDim],
      [PASS.xRow, timesteps * inputDim],
      [PASS.y, y.ptr + 4 * (column + (walk.sequences && flip ? first * width : 0))],
      [PASS.yStep, walk.sequences ? (flip ? -width : width) : 0],
      [PASS.yRow, walk.sequences ? timesteps * width : width],
      [PASS.timesteps, timesteps],
      [PASS.batch, batch],
      [PASS.weights, weights.ptr],
      [PASS.bias, bias.ptr],
      [PASS.h, (working[0] as Slab).ptr],
      [PASS.c, working[1]?.ptr ?? 0],
      [PASS.mask, mask ? mask.ptr + 4 * first : 0],
      [PASS.maskStep, sign],
      [PASS.maskRow, timesteps],
      [PASS.zeroOutput, walk.zeroOutput ? 1 : 0],
      [PASS.scratch, scratch.ptr],
      ...cell.cellWords(),
    ];
    for (const [word, value] of put) words[word] = value;
    return words;
  });
  plan.step([x, y, mask, scratch, ...working], () => cell.sequence(plan.engine, pass.ptr));
  return () =>
    working.map((rows) => {
      if (lanes === cell.units) return rows;
      const state = plan.slab([batch, cell.units]);
      emitCopyRows(plan, rows, state, cell.units);
      return state;
    });
}

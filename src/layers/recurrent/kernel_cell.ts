/** Cells whose whole sequence runs in one kernel call: SimpleRNN, LSTM, GRU. */

import { ConfigError, ShapeError, showShape } from "../../errors";
import { getInitializer, type Initializer, type InitializerOption } from "../../initializers";
import { type Activation, emitActivation, resolveActivation } from "../../ops/activation";
import { emitSlice } from "../../ops/copy";
import { emitDense } from "../../ops/dense";
import { floatBits } from "../../ops/float_bits";
import { blocksOf, packColumns } from "../../ops/packing";
import type { Plan } from "../../ops/plan";
import type { Lookup, Slab } from "../../ops/slab";
import type { Engine } from "../../wasm/engine";
import { PASS } from "../../wasm/sequence";
import { configOf, type LayerOptions, positiveInteger } from "../options";
import type { SymbolicShape } from "../symbolic";
import type { Weight } from "../weight";
import { Cell, type Step } from "./cell";
import type { CELL_BODY, CELL_HEAD } from "./cell_options";
import { planSequence, type SequenceKernel, type TableOfProducts } from "./sequence";
import { packTable } from "./table";

export abstract class KernelCell<N extends number = number> extends Cell<N> implements SequenceKernel {
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
  /** One step without the kernel, with its gates: for activations that the kernel does not do, and for traces. */
  abstract planEquations(plan: Plan, x: Slab, states: readonly Slab[]): Step;
  /** The bias as the kernel reads it: a row of `units` for each slot. */
  protected abstract biasRows(bias: Float32Array): Float32Array;
  /** Words that only this kernel reads. */
  protected abstract words(): readonly (readonly [word: number, value: number])[];
  protected abstract biasShape(): readonly number[];

  /**
   * @param given The options as they were typed.
   * @param read The same with defaults, in the order of Keras' configuration.
   * @param where Who the user is to look at in messages: the layer that made the cell.
   */
  constructor(
    private readonly given: LayerOptions,
    className: string,
    private readonly read: typeof CELL_HEAD & typeof CELL_BODY,
    private readonly where: string | undefined,
  ) {
    super(given, className);
    this.units = positiveInteger(`${where ?? this.name}.units`, read.units);
    this.activation = this.resolved("activation", read.activation);
    this.useBias = read.useBias;
  }

  protected resolved(key: string, name: string | null): Activation {
    const where = `${this.where ?? this.name}.${key}`;
    const activation = resolveActivation(where, name);
    if (activation.name !== "glu") return activation;
    throw new ConfigError(where, "an activation that keeps the width", "glu");
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

  twin(): KernelCell<N> {
    const Class = this.constructor as new (options: object) => KernelCell<N>;
    return new Class(this.given);
  }

  protected override createWeights(inputs: readonly SymbolicShape[]): void {
    const width = inputs[0]?.at(-1);
    if (typeof width !== "number") {
      throw new ShapeError(this.name, "a known number of features", showShape(inputs[0] ?? []));
    }
    const columns = this.gates * this.units;
    const { kernelInitializer, recurrentInitializer, biasInitializer } = this.read;
    const initializer = (key: string, option: InitializerOption) =>
      getInitializer(`${this.where ?? this.name}.${key}`, option);
    this.kernel = this.addWeight("kernel", [width, columns], initializer("kernelInitializer", kernelInitializer));
    const recurrent = initializer("recurrentInitializer", recurrentInitializer);
    this.recurrentKernel = this.addWeight("recurrent_kernel", [this.units, columns], recurrent);
    const bias = this.biasStart(initializer("biasInitializer", biasInitializer));
    if (this.useBias) this.bias = this.addWeight("bias", this.biasShape(), bias);
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
    if (!this.hasKernel) return this.planEquations(plan, x, states);
    const output = plan.slab([x.dim(0), this.units]);
    const after = planSequence(plan, {
      cell: this,
      x: x.view([x.dim(0), 1, x.dim(1)]),
      mask: undefined,
      backwards: false,
      flip: false,
      sequences: false,
      zeroOutput: false,
      start: states,
      y: output,
      column: 0,
    });
    return { output, states: after() };
  }

  /** x W + b for some columns of a weight; all of them by default. */
  protected product(plan: Plan, x: Slab, weight: Weight, bias?: () => Float32Array, from = 0): Slab {
    const width = weight.shape[1] as number;
    const rows = weight.shape[0] as number;
    const columns = width - from;
    const kernel = () => {
      if (from === 0) return weight.data;
      const part = new Float32Array(rows * columns);
      for (let row = 0; row < rows; row++) {
        part.set(weight.data.subarray(row * width + from, (row + 1) * width), row * columns);
      }
      return part;
    };
    return emitDense(plan, { owner: this, key: `step ${weight.name} ${from}`, kernel, bias, columns }, x);
  }

  /** activation(block `gate` of the columns of `pre`). */
  protected gate(plan: Plan, pre: Slab, gate: number, activation: Activation | undefined): Slab {
    const part = emitSlice(plan, pre, [0, gate * this.units], [pre.dim(0), this.units]);
    return activation ? emitActivation(plan, activation, part) : part;
  }

  /** The packed weights: [block of 8 units][gate][inputDim + units][8]. */
  packedWeights(plan: Plan): { readonly ptr: number } {
    const { units, gates, inputDim } = this;
    const panel = 8 * (inputDim + units);
    return plan.packed(this, "weights", blocksOf(units) * gates * panel, (ptr) => {
      const all = { width: gates * units, from: 0, columns: units, parts: gates, partStep: 4 * panel };
      const shared = { ...all, blockStep: gates * panel };
      packColumns(plan.engine, { ...shared, values: this.kernel.data, rows: inputDim, to: ptr });
      packColumns(plan.engine, { ...shared, values: this.recurrentKernel.data, rows: units, to: ptr + 32 * inputDim });
    });
  }

  packedTable(plan: Plan, lookup: Lookup): TableOfProducts | undefined {
    return packTable(plan, this, lookup);
  }

  /** The packed bias: [block of 8 units][slot][8]. */
  packedBias(plan: Plan): { readonly ptr: number } {
    const { units, biasSlots } = this;
    const floats = blocksOf(units) * biasSlots * 8;
    return plan.packed(this, "bias", floats, (ptr) => this.packBias(plan.engine, biasSlots, ptr));
  }

  /** Packs the first `slots` of the bias; zeros where there is none. */
  packBias(engine: Engine, slots: number, to: number): void {
    const { units, bias } = this;
    const blockStep = 8 * slots;
    if (bias) {
      const values = this.biasRows(bias.data);
      packColumns(engine, { values, rows: slots, width: units, from: 0, columns: units, to, blockStep });
    } else engine.kernels.fill(to, blocksOf(units) * blockStep, 0);
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

  protected ownConfig() {
    return configOf(this.read);
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

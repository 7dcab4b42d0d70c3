/** Rows of a table by number. */

import { ArgumentError } from "../errors";
import { getInitializer, type InitializerOption } from "../initializers";
import { emitFloat } from "../ops/copy";
import { emitBroadcast } from "../ops/elementwise";
import { emitScalar } from "../ops/masks";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { Layer } from "./layer";
import { configOf, type LayerOptions, positiveInteger, readOptions } from "./options";
import { onlyShape } from "./shapes";
import type { SymbolicShape } from "./symbolic";
import type { Weight } from "./weight";

/** How many were made: names may be equal. */
let made = 0;

/** Options of {@link embedding}. */
export interface EmbeddingOptions extends LayerOptions {
  /** How many rows the table has: the largest id plus 1. */
  inputDim: number;
  /** How wide they are. */
  outputDim: number;
  /** Default `uniform`. */
  embeddingsInitializer?: InitializerOption;
  /** These are kept for the configuration and do nothing at inference. */
  embeddingsRegularizer?: unknown;
  embeddingsConstraint?: unknown;
  /** Timesteps with id 0 are masked. The id keeps its row. Default false. */
  maskZero?: boolean;
  /** Keras 2: number of timesteps, instead of `inputShape`. */
  inputLength?: number | null;
  loraRank?: null;
  loraAlpha?: null;
  quantizationConfig?: null;
}

const DEFAULTS = {
  inputDim: undefined as unknown as number,
  outputDim: undefined as unknown as number,
  embeddingsInitializer: "uniform" as InitializerOption,
  embeddingsRegularizer: null as unknown,
  embeddingsConstraint: null as unknown,
  maskZero: false,
};

/** Taken as null and left out of the configuration. */
const UNUSED = ["loraRank", "loraAlpha", "quantizationConfig"];

/**
 * y = embeddings[id].
 *
 * Input    [batch, …]: whole numbers in [0, inputDim), as int32 or float32
 * Output   [batch, …, outputDim]
 * Weights  embeddings [inputDim, outputDim]
 * Masks    with `maskZero`, true where the id is not 0; else none
 *
 * @throws {ConfigError} when `inputDim` or `outputDim` is not a positive integer.
 * @throws {ArgumentError} from `apply`, naming the first id that is not one, and where it stands.
 * @see Keras 3, `Embedding`.
 *
 * @example
 * layers.embedding({ inputDim: 10, outputDim: 4 }).apply([[1, 2, 9]]).shape; // [1, 3, 4]
 */
export class Embedding extends Layer {
  readonly className: string = "Embedding";
  readonly inputDim: number;
  readonly outputDim: number;
  readonly maskZero: boolean;
  private readonly read: typeof DEFAULTS;
  private embeddings!: Weight;
  private readonly key = `embedding ${made++}`;

  constructor(options: EmbeddingOptions) {
    const { inputLength, ...rest } = options ?? {};
    const read = readOptions("embedding", options && rest, DEFAULTS, UNUSED);
    super(typeof inputLength === "number" ? { inputShape: [inputLength], ...rest } : rest, "Embedding");
    this.read = read;
    this.inputDim = positiveInteger(`${this.name}.inputDim`, read.inputDim);
    this.outputDim = positiveInteger(`${this.name}.outputDim`, read.outputDim);
    this.maskZero = read.maskZero;
  }

  override get pointwise(): boolean {
    return true;
  }

  /** Sequences of any length, when nobody says otherwise. */
  override get impliedInputShape(): SymbolicShape {
    return [null, null];
  }

  protected override createWeights(): void {
    const initializer = getInitializer(`${this.name}.embeddingsInitializer`, this.read.embeddingsInitializer);
    this.embeddings = this.addWeight("embeddings", [this.inputDim, this.outputDim], initializer);
  }

  override outputShapes(inputs: readonly SymbolicShape[]): readonly SymbolicShape[] {
    return [[...onlyShape(this.name, inputs, "[batch, …]"), this.outputDim]];
  }

  override plan(plan: Plan, inputs: readonly Slab[]): readonly Slab[] {
    const ids = inputs[0] as Slab;
    const { inputDim, outputDim } = this;
    const { kernels } = plan.engine;
    const whole = ids.dtype === "int32";
    const y = plan.slab([...ids.shape, outputDim]);
    const table = plan.constant(this, "embeddings", [inputDim, outputDim], () => this.embeddings.data);
    plan.residents.atRisk = true;
    plan.step([ids, y, table], () => {
      // Rows that nobody reads, since the next layer looks up its products, are not copied, but ids are checked.
      const width = read() ? outputDim : 0;
      const odd = kernels.gather(ids.ptr, whole ? 1 : 0, ids.size, table.ptr, inputDim, width, y.ptr);
      if (odd >= 0) this.refuse(plan, ids, odd);
    });
    const read = plan.readLater(y);
    y.lookup = { ids, owner: this, key: this.key, table: () => this.embeddings.data, inputDim, outputDim };
    if (this.maskZero) y.mask = emitBroadcast(plan, "notEqual", [emitFloat(plan, ids), emitScalar(plan, 0)], "bool");
    return [y];
  }

  private refuse(plan: Plan, ids: Slab, at: number): never {
    const { arena } = plan.engine;
    const value = (ids.dtype === "int32" ? arena.i32 : arena.f32)[(ids.ptr >> 2) + at];
    const place: number[] = [];
    for (let axis = ids.shape.length - 1, rest = at; axis >= 0; axis--) {
      place.unshift(rest % ids.dim(axis));
      rest = Math.floor(rest / ids.dim(axis));
    }
    const where = `${this.name}, id at [${place.join(", ")}]`;
    const details = { position: place, value };
    throw new ArgumentError(where, `a whole number from 0 to ${this.inputDim - 1}`, String(value), { details });
  }

  protected ownConfig() {
    return configOf(this.read);
  }
}

/** See {@link Embedding}. */
export function embedding(options: EmbeddingOptions): Embedding {
  return new Embedding(options);
}

/** The tensors of a PyTorch state dict, each of which is to be used. */
import { ArgumentError, showShape, WeightError } from "../errors";
import type { WeightTensor } from "../spec";

/** Sizes that a tensor must have; null where any will do. */
type Wanted = readonly (number | null)[];

export class StateDict {
  private readonly used = new Set<string>();

  constructor(
    /** Starts the messages of errors. */
    readonly where: string,
    private readonly tensors: ReadonlyMap<string, WeightTensor>,
  ) {}

  has(key: string): boolean {
    return this.tensors.has(key);
  }

  /** @throws {WeightError} when it is not there or has other sizes. */
  take(key: string, wanted: Wanted): WeightTensor {
    const tensor = this.optional(key, wanted);
    if (!tensor) throw new WeightError(`${this.where}, ${key}`, showWanted(wanted), "no tensor of this name");
    return tensor;
  }

  /** @throws {WeightError} when it is there and has other sizes. */
  optional(key: string, wanted: Wanted): WeightTensor | undefined {
    const tensor = this.tensors.get(key);
    if (!tensor) return undefined;
    const { shape } = tensor;
    if (shape.length !== wanted.length || shape.some((size, i) => size === 0 || size !== (wanted[i] ?? size))) {
      throw new WeightError(`${this.where}, ${key}`, showWanted(wanted), showShape(shape));
    }
    this.used.add(key);
    return tensor;
  }

  /** Counts as used what inference does not need. */
  skip(key: string): void {
    if (this.tensors.has(key)) this.used.add(key);
  }

  get unused(): readonly string[] {
    return [...this.tensors.keys()].filter((key) => !this.used.has(key));
  }

  /** The modules among the unused tensors: what stands before the last dot, and the names behind it. */
  get modules(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    for (const key of this.unused) {
      const dot = key.lastIndexOf(".");
      const prefix = key.slice(0, Math.max(dot, 0));
      found.set(prefix, [...(found.get(prefix) ?? []), key.slice(dot + 1)]);
    }
    return found;
  }

  shapeOf(prefix: string, tensor: string): readonly number[] {
    return this.tensors.get(keyOf(prefix, tensor))?.shape ?? [];
  }

  /** The only unused module that fits. @throws {ArgumentError} when there are more, or none. */
  only(where: string, fits: (tensors: readonly string[], prefix: string) => boolean): string {
    const all = [...this.modules].filter(([prefix, tensors]) => fits(tensors, prefix)).map(([prefix]) => prefix);
    const [first, second] = all;
    if (first !== undefined && second === undefined) return first;
    const list = all.length > 0 ? all : this.unused;
    throw new ArgumentError(
      `${where}.name`,
      "the name of a module",
      `undefined; there are ${list.join(", ") || "none"}`,
    );
  }
}

export function keyOf(prefix: string, tensor: string): string {
  return prefix === "" ? tensor : `${prefix}.${tensor}`;
}

function showWanted(wanted: Wanted): string {
  return `[${wanted.map((size) => size ?? "any").join(", ")}]`;
}

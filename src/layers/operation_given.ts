/** What an operation in a graph was given: tensors, and plain values of its call and its configuration, by name. */

import type { GraphValue, TensorRef } from "../config/references";
import { ConfigError, show, UnsupportedError } from "../errors";
import type { DType } from "../tensor";
import type { SymbolicShape } from "./symbolic";

/** A symbolic tensor while a graph is drawn, a slab while it is planned. */
export interface Typed {
  readonly shape: SymbolicShape;
  readonly dtype: DType;
}

/** Makes a tensor of plain numbers. `key` names it among those of the operation. */
type Constant<T> = (shape: readonly number[], dtype: DType, values: Float32Array, key: string) => T;

const SYMBOLIC = (shape: readonly number[], dtype: DType) => ({ shape, dtype }) as never;

export class Given<T extends Typed> {
  constructor(
    /** The operation, for messages. */
    readonly where: string,
    private readonly values: ReadonlyMap<string, GraphValue>,
    private readonly find: (ref: TensorRef) => T,
    private readonly constant: Constant<T> = SYMBOLIC,
  ) {}

  /** True when there is such an argument and it is not null. */
  has(name: string): boolean {
    const value = this.values.get(name);
    return value !== undefined && !(value.kind === "value" && value.value === null);
  }

  /** The argument as it stands. */
  raw(name: string): GraphValue {
    return this.values.get(name) ?? { kind: "value", value: null };
  }

  /** A tensor; a number or an array of numbers becomes a constant one. */
  tensor(name: string): T {
    return this.asTensor(this.raw(name), name);
  }

  /** Whole numbers of the operation's own as a tensor of floats. `key` names them. */
  constants(shape: readonly number[], values: readonly number[], key: string): T {
    return this.constant(shape, "float32", Float32Array.from(values), key);
  }

  /** A list of tensors. */
  tensors(name: string): readonly T[] {
    const value = this.raw(name);
    if (value.kind === "list") return value.items.map((item, k) => this.asTensor(item, `${name}[${k}]`));
    throw new ConfigError(`${this.where}.${name}`, "a list of tensors", show(value));
  }

  private asTensor(value: GraphValue, key: string): T {
    if (value.kind === "tensor") return this.find(value);
    const plain = value.kind === "value" ? value.value : value.kind === "array" ? value.values : undefined;
    const shape: number[] = [];
    const flat: (number | boolean)[] = [];
    collect(
      plain,
      0,
      shape,
      flat,
      () => new UnsupportedError(`${this.where}.${key}`, "a tensor or numbers", show(plain)),
    );
    return this.constant(shape, dtypeOf(flat), Float32Array.from(flat, Number), key);
  }

  /** A plain value; `fallback` when it is absent or null. */
  private plain<V>(name: string, fallback: V, type: string, fits: (value: unknown) => boolean): V {
    const value = this.raw(name);
    const plain = value.kind === "value" ? value.value : value;
    if (plain === null) return fallback;
    if (fits(plain)) return plain as V;
    throw new ConfigError(`${this.where}.${name}`, type, show(plain));
  }

  number(name: string, fallback: number): number {
    return this.plain(name, fallback, "a number", (value) => typeof value === "number");
  }

  integer(name: string, fallback: number): number {
    return this.plain(name, fallback, "a whole number", Number.isSafeInteger);
  }

  flag(name: string, fallback = false): boolean {
    return this.plain(name, fallback, "true or false", (value) => typeof value === "boolean");
  }

  text(name: string, fallback: string): string {
    return this.plain(name, fallback, "a name", (value) => typeof value === "string");
  }

  /** Whole numbers; one alone counts as a list of one. Undefined when absent or null. */
  integers(name: string): readonly number[] | undefined {
    const fits = (value: unknown) => [value].flat().every(Number.isSafeInteger);
    const value = this.plain<number | readonly number[] | undefined>(name, undefined, "whole numbers", fits);
    return value === undefined ? undefined : [value].flat();
  }
}

/** Nested lists of numbers → their shape and the numbers one after another. */
function collect(value: unknown, axis: number, shape: number[], flat: (number | boolean)[], refuse: () => Error): void {
  if (typeof value === "number" || typeof value === "boolean") {
    if (axis !== shape.length) throw refuse();
    flat.push(value);
    return;
  }
  if (!Array.isArray(value)) throw refuse();
  if (flat.length === 0 && axis === shape.length) shape.push(value.length);
  if (shape[axis] !== value.length) throw refuse();
  for (const item of value) collect(item, axis + 1, shape, flat, refuse);
}

function dtypeOf(values: readonly (number | boolean)[]): DType {
  if (values.every((value) => typeof value === "boolean")) return "bool";
  return values.every(Number.isSafeInteger) ? "int32" : "float32";
}

/** The type that arithmetic on these gives. */
export function joinedType(types: readonly DType[]): DType {
  return types.includes("float32") ? "float32" : types.includes("int32") ? "int32" : "bool";
}

/** The axes as whole numbers from 0; a negative one counts from the end. */
export function axisOf(given: Given<Typed>, axis: number, rank: number): number {
  const from = axis < 0 ? axis + rank : axis;
  if (from >= 0 && from < rank) return from;
  throw new ConfigError(`${given.where}.axis`, `an axis of ${rank}`, String(axis));
}

/** One node with what it is given, as operators see it. */

import { FormatError, show, UnsupportedError } from "../errors";
import type { Plan } from "../ops/plan";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "../spec";
import { Known, type Value } from "./value";

/** What a value without a name is refused as. */
const NOTHING = "nothing";

export class NodeCall {
  /**
   * @param where File and node, for messages.
   * @param opset The version of ONNX's own operators.
   * @param inputs Those left out are undefined.
   * @param wanted Whether anything uses output k.
   */
  constructor(
    readonly plan: Plan,
    readonly where: string,
    readonly node: OnnxNode,
    readonly opset: number,
    readonly inputs: readonly (Value | undefined)[],
    readonly wanted: (k: number) => boolean,
  ) {}

  /** An input that must be there. */
  input(k: number): Value {
    const value = this.inputs[k];
    if (value) return value;
    throw new FormatError(this.where, `an input ${k}`, NOTHING);
  }

  /** An input that must be known when the model is planned. */
  known(k: number, what: string): Known {
    const value = this.input(k);
    if (value instanceof Known) return value;
    this.refuse(`constant ${what} (input ${k})`, "computed numbers");
  }

  /** Whole numbers that must be known: an input, where it is there. */
  whole(k: number, what: string): number[] | undefined {
    return this.inputs[k] === undefined ? undefined : Array.from(this.known(k, what).data);
  }

  /** Whole numbers that older versions have as an attribute and newer ones as an input. */
  listed(name: string, k: number): number[] | undefined {
    return this.ints(name) ?? this.whole(k, name);
  }

  /** An attribute that is a number. */
  number(name: string, fallback: number): number;
  number(name: string): number | undefined;
  number(name: string, fallback?: number): number | undefined {
    const value = this.attribute(name);
    if (value === undefined || typeof value === "number") return value ?? fallback;
    throw new FormatError(this.where, `a number for ${name}`, show(value));
  }

  /** An attribute that is a text. */
  text(name: string, fallback: string): string {
    const value = this.attribute(name) ?? fallback;
    if (typeof value === "string") return value;
    throw new FormatError(this.where, `a text for ${name}`, show(value));
  }

  /** An attribute that is a list of numbers. */
  ints(name: string): number[] | undefined {
    const value = this.attribute(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === "number")) return [...value];
    throw new FormatError(this.where, `a list of numbers for ${name}`, show(value));
  }

  /** An attribute that is a list of texts. */
  texts(name: string): string[] | undefined {
    const value = this.attribute(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return [...value];
    throw new FormatError(this.where, `a list of texts for ${name}`, show(value));
  }

  /** An attribute that is a tensor. */
  tensor(name: string): OnnxTensor | undefined {
    const value = this.attribute(name);
    if (value === undefined) return undefined;
    if (typeof value === "object" && "data" in value) return value;
    throw new FormatError(this.where, `a tensor for ${name}`, show(value));
  }

  private attribute(name: string): OnnxAttribute | undefined {
    return this.node.attributes.get(name);
  }

  /** @throws {UnsupportedError} naming the node. */
  refuse(expected: string, got: string): never {
    throw new UnsupportedError(this.where, expected, got);
  }
}

/** What an operator is: it appends steps to the plan and gives the outputs. */
export type Operator = (call: NodeCall) => Value | readonly (Value | undefined)[];

/** Operators by their names. */
export type Operators = Readonly<Record<string, Operator>>;

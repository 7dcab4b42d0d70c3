/** Tensors that are not there yet: what graphs are drawn with. */

import type { DType } from "../tensor";
import type { Layer, Result } from "./layer";

/** A shape whose `null` axes are known only when data comes. */
export type SymbolicShape = readonly (number | null)[];

/** The result of one layer in a graph, of which only shape and type are known. */
export class SymbolicTensor {
  /** The layers that it has been given to. */
  readonly consumers: Layer<Result>[] = [];

  constructor(
    readonly shape: SymbolicShape,
    readonly dtype: DType,
    readonly node: GraphNode,
    /** Which of the node's outputs it is. */
    readonly index: number,
  ) {}

  /** The layer that makes it. */
  get layer(): Layer<Result> {
    return this.node.layer;
  }
}

/** The mask of one input: the one that it carries (null), another one, or `none` though it carries one. */
export type SymbolicMask = SymbolicTensor | null | "none";

/** What a layer is called with besides its inputs. */
export interface SymbolicCall {
  /** One an input. */
  readonly masks: readonly SymbolicMask[];
  readonly initialState: readonly SymbolicTensor[];
  readonly args: Readonly<Record<string, unknown>>;
}

/** One call of a layer in a graph. A layer that is called twice has two nodes and one set of weights. */
export class GraphNode {
  readonly outputs: readonly SymbolicTensor[];

  constructor(
    readonly layer: Layer<Result>,
    readonly inputs: readonly SymbolicTensor[],
    readonly call: SymbolicCall,
    shapes: readonly SymbolicShape[],
    dtypes: readonly DType[],
  ) {
    for (const t of inputs) t.consumers.push(layer);
    this.outputs = shapes.map((shape, k) => new SymbolicTensor(shape, (dtypes[k] ?? dtypes[0]) as DType, this, k));
  }

  /** Everything it needs, in the order in which the layer's plan takes it. */
  get sources(): readonly SymbolicTensor[] {
    const { masks, initialState } = this.call;
    return [...this.inputs, ...initialState, ...masks.filter((mask) => mask instanceof SymbolicTensor)];
  }
}

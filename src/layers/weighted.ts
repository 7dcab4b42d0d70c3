/** What has weights: its own, and those of the layers inside. */

import { StateError, showShape, WeightError } from "../errors";
import type { Initializer } from "../initializers";
import { Tensor, type TensorLike, toTensor } from "../tensor";
import { Weight } from "./weight";

export abstract class Weighted {
  /** Counts the changes of the weights; packed copies compare it. */
  version = 0;
  private readonly ownWeights: Weight[] = [];

  constructor(readonly name: string) {}

  /** True once the weights are made. */
  abstract readonly built: boolean;
  abstract readonly trainable: boolean;

  /** What is inside, by the names that Keras' weight files use. */
  children(): readonly (readonly [string, Weighted])[] {
    return [];
  }

  protected addWeight(name: string, shape: readonly number[], initializer: Initializer, trainable = true): Weight {
    const weight = new Weight(name, shape, initializer, trainable && this.trainable);
    this.ownWeights.push(weight);
    return weight;
  }

  /** All weights in Keras' order: its own, then those of the layers inside; one that is shared comes once. */
  get weights(): readonly Weight[] {
    return [...new Set([...this.ownWeights, ...this.children().flatMap(([, child]) => child.weights)])];
  }

  /** The weights that are its own, without those of the layers inside. */
  get variables(): readonly Weight[] {
    return this.ownWeights;
  }

  /** Copies of the weights in Keras' order. */
  getWeights(): Tensor[] {
    this.mustBeBuilt("getWeights");
    return this.weights.map((w) => new Tensor(w.shape, "float32", w.data.slice()));
  }

  /**
   * Sets all weights, in Keras' order.
   * @throws {WeightError} when there are more or fewer, or one has another shape; then none is changed.
   */
  setWeights(values: readonly TensorLike[]): void {
    this.mustBeBuilt("setWeights");
    const weights = this.weights;
    if (values.length !== weights.length) {
      const names = weights.map((w) => `${w.name} ${showShape(w.shape)}`).join(", ");
      throw new WeightError(`${this.name}.setWeights`, `${weights.length} weights (${names})`, String(values.length));
    }
    const tensors = values.map(toTensor);
    weights.forEach((w, k) => {
      w.check(this.name, (tensors[k] as Tensor).shape);
    });
    weights.forEach((w, k) => {
      w.set((tensors[k] as Tensor).data);
    });
    this.touch();
  }

  /** Tells the packed copies that weights have changed. */
  touch(): void {
    this.version++;
    for (const [, child] of this.children()) child.touch();
  }

  /** The number of weights' elements, trainable or not. */
  countParams(): number {
    this.mustBeBuilt("countParams");
    return this.weights.reduce((sum, w) => sum + w.size, 0);
  }

  /** Refuses the call when the object was disposed of; models override it. */
  protected alive(_method: string): void {}

  private mustBeBuilt(method: string): void {
    this.alive(method);
    if (this.built) return;
    throw new StateError(`${this.name}.${method}`, "a layer that is built", "one that has not seen an input shape yet");
  }
}

/**
 * One hash a build over the outputs of many layers: the same on every engine, of the sources and of the package. It
 * uses nothing but the public surface, ECMAScript and WebAssembly.
 */

import { configure, layers, runtime, Tensor } from "../../src/index";
import type { Layer, Result } from "../../src/layers/layer";

const { dense, gru, lstm, simpleRNN } = layers;

/** Every element and its bits, so that 0 and −0 differ and all NaN are one. */
class Hash {
  private state = 0x811c9dc5;

  /** FNV-1a over the bytes of the floats, NaN made canonical. */
  add(values: ArrayLike<number>): void {
    const floats = Float32Array.from(values, (v) => (Number.isNaN(v) ? 0 : v));
    const marks = Uint8Array.from(values, (v) => (Number.isNaN(v) ? 1 : 0));
    for (const byte of [...new Uint8Array(floats.buffer), ...marks]) {
      this.state = Math.imul(this.state ^ byte, 0x01000193) >>> 0;
    }
  }

  get hex(): string {
    return this.state.toString(16).padStart(8, "0");
  }
}

let seed = 1;
/** Numbers in [-scale, scale) of a linear congruential generator. */
function numbers(shape: readonly number[], scale: number): Tensor {
  const values = Float32Array.from({ length: shape.reduce((size, n) => size * n, 1) }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return scale * (seed / 2 ** 31 - 1);
  });
  return new Tensor(shape, "float32", values);
}

/** Sets weights, runs, and adds all outputs. */
function run(hash: Hash, layer: Layer<Result>, x: Tensor, mask?: Tensor): void {
  layer.build(x.shape);
  layer.setWeights(layer.weights.map((w) => numbers(w.shape, 0.4)));
  const results = layer.apply(x, mask ? { mask } : {});
  for (const t of Array.isArray(results) ? results : [results]) hash.add((t as Tensor).data);
}

/** A mask that ends each row at another length, with a hole. */
function raggedMask(batch: number, timesteps: number): Tensor {
  const on = Uint8Array.from({ length: batch * timesteps }, (_, k) => {
    const [row, t] = [Math.floor(k / timesteps), k % timesteps];
    return t < timesteps - (row % timesteps) && t !== 2 ? 1 : 0;
  });
  return new Tensor([batch, timesteps], "bool", on);
}

/** All layers around the sizes at which kernels change their ways. */
function hashOf(build: "baseline" | "relaxed" | "wide"): string {
  configure({ build });
  seed = 1;
  const hash = new Hash();
  for (const [batch, timesteps, inputDim, units] of [
    [1, 1, 3, 5],
    [1, 40, 64, 128],
    [2, 7, 1, 8],
    [4, 9, 8, 16],
    [7, 5, 13, 33],
    [64, 6, 32, 40],
  ] as const) {
    const options = { units, returnSequences: true, returnState: true };
    const x = numbers([batch, timesteps, inputDim], 2);
    const mask = timesteps > 3 ? raggedMask(batch, timesteps) : undefined;
    run(hash, lstm(options), x, mask);
    run(hash, gru(options), x, mask);
    run(hash, gru({ ...options, resetAfter: false, goBackwards: true }), x);
    run(hash, simpleRNN(options), x, mask);
    run(hash, lstm({ ...options, activation: "softsign", recurrentActivation: "hard_sigmoid" }), x);
    run(hash, dense({ units, activation: "softmax" }), x);
    for (const activation of ["gelu", "mish", "softplus", "selu", "log_softmax", "exponential"]) {
      run(hash, dense({ units, activation }), x);
    }
  }
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e-42, 3e38, -3e38];
  run(hash, lstm({ units: 4, returnSequences: true }), new Tensor([2, 4, 1], "float32", Float32Array.from(odd)));
  return hash.hex;
}

/** Build → hash; the relaxed one where multiply-add is fused, the wide one where vectors are joined. */
export function hashes(): { baseline: string; relaxed?: string; wide?: string } {
  const { build, fusedMultiplyAdd } = runtime();
  const relaxed = fusedMultiplyAdd ? { relaxed: hashOf("relaxed") } : {};
  const wide = build === "wide" ? { wide: hashOf("wide") } : {};
  return { baseline: hashOf("baseline"), ...relaxed, ...wide };
}

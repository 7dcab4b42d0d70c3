/** What each Keras initializer does with its configuration. */

import { ConfigError, show, showShape } from "../errors";
import { sizeOf } from "../tensor";
import { normalQuantile } from "./normal";
import { orthogonalMatrix } from "./orthogonal";
import { type Stream, streamOf } from "./stream";

/** Makes the numbers of a weight of this shape, in C order. */
export type Initializer = (shape: readonly number[]) => Float32Array;

/** The values of a configuration by their Keras keys. */
type Config = Readonly<Record<string, unknown>>;

/** One class of initializers. */
interface Kind {
  /** Keras' arguments with their defaults, in the order of `get_config()`. */
  readonly defaults: Config;
  /** Checks the values, then gives what makes numbers of a shape. */
  readonly make: (where: string, config: Config) => Initializer;
}

const SEED = { seed: null };
const FANS = { input_axes: null, output_axes: null };

/** The class names of Keras. */
export const KINDS: Readonly<Record<string, Kind>> = {
  Zeros: { defaults: {}, make: () => (shape) => filled(shape, 0) },
  Ones: { defaults: {}, make: () => (shape) => filled(shape, 1) },
  Constant: {
    defaults: { value: 0 },
    make: (where, config) => {
      const value = numberAt(where, config, "value");
      return (shape) => filled(shape, value);
    },
  },
  Identity: { defaults: { gain: 1 }, make: identityOf },
  RandomNormal: {
    defaults: { ...SEED, mean: 0, stddev: 0.05 },
    make: (where, config) => affine(where, config, normal, "mean", "stddev"),
  },
  TruncatedNormal: {
    defaults: { ...SEED, mean: 0, stddev: 0.05 },
    make: (where, config) => affine(where, config, truncated, "mean", "stddev"),
  },
  RandomUniform: { defaults: { ...SEED, minval: -0.05, maxval: 0.05 }, make: uniformOf },
  VarianceScaling: {
    defaults: { ...SEED, scale: 1, mode: "fan_in", distribution: "truncated_normal", ...FANS },
    make: varianceScaling,
  },
  GlorotUniform: scaled(1, "fan_avg", "uniform"),
  GlorotNormal: scaled(1, "fan_avg", "truncated_normal"),
  HeUniform: scaled(2, "fan_in", "uniform"),
  HeNormal: scaled(2, "fan_in", "truncated_normal"),
  LecunUniform: scaled(1, "fan_in", "uniform"),
  LecunNormal: scaled(1, "fan_in", "truncated_normal"),
  Orthogonal: { defaults: { ...SEED, gain: 1 }, make: orthogonalOf },
};

function scaled(scale: number, mode: string, distribution: string): Kind {
  const fixed = { scale, mode, distribution };
  return {
    defaults: { ...SEED, ...FANS },
    make: (where, config) => varianceScaling(where, { ...fixed, ...config }),
  };
}

/** The quotient of the deviation before and after cutting a normal distribution at two deviations. */
const CUT_DEVIATION = 0.8796256610342398;

const DISTRIBUTIONS: Readonly<Record<string, { readonly draw: Draw; readonly factor: number }>> = {
  uniform: { draw: (random) => 2 * random() - 1, factor: Math.sqrt(3) },
  truncated_normal: { draw: truncated, factor: 1 / CUT_DEVIATION },
  normal: { draw: truncated, factor: 1 / CUT_DEVIATION },
  untruncated_normal: { draw: normal, factor: 1 },
};
const MODES = ["fan_in", "fan_out", "fan_avg"];

/** @see Glorot & Bengio 2010; He et al. 2015; Keras 3, `VarianceScaling`. */
function varianceScaling(where: string, config: Config): Initializer {
  const scale = numberAt(where, config, "scale");
  if (!(scale > 0)) throw new ConfigError(`${where}.scale`, "a positive number", show(scale));
  const mode = oneAt(where, config, "mode", MODES);
  const name = oneAt(where, config, "distribution", Object.keys(DISTRIBUTIONS));
  const { draw, factor } = DISTRIBUTIONS[name] as { draw: Draw; factor: number };
  const axes = [axesAt(where, config, "input_axes"), axesAt(where, config, "output_axes")] as const;
  const start = streamOf(seedAt(where, config));
  return (shape) => {
    const [fanIn, fanOut] = fansOf(shape, ...axes);
    const fan = { fan_in: fanIn, fan_out: fanOut }[mode] ?? (fanIn + fanOut) / 2;
    return new Float32Array(drawn(shape, start(), draw, 0, Math.sqrt(scale / Math.max(1, fan)) * factor));
  };
}

/** Inputs and outputs of one unit. Of more than two axes the last two are channels, the others a window. */
function fansOf(
  shape: readonly number[],
  inputAxes: readonly number[] | null,
  outputAxes: readonly number[] | null,
): [fanIn: number, fanOut: number] {
  const product = (axes: readonly number[]) => axes.reduce((size, axis) => size * (shape.at(axis) ?? 1), 1);
  if (inputAxes && outputAxes) return [product(inputAxes), product(outputAxes)];
  if (shape.length < 2) return [shape[0] ?? 1, shape[0] ?? 1];
  const window = shape.slice(0, -2).reduce((size, d) => size * d, 1);
  return [(shape.at(-2) as number) * window, (shape.at(-1) as number) * window];
}

function uniformOf(where: string, config: Config): Initializer {
  const least = numberAt(where, config, "minval");
  const most = numberAt(where, config, "maxval");
  const start = streamOf(seedAt(where, config));
  return (shape) => new Float32Array(drawn(shape, start(), (random) => random(), least, most - least));
}

function affine(where: string, config: Config, draw: Draw, offset: string, factor: string): Initializer {
  const origin = numberAt(where, config, offset);
  const scale = numberAt(where, config, factor);
  const start = streamOf(seedAt(where, config));
  return (shape) => new Float32Array(drawn(shape, start(), draw, origin, scale));
}

function orthogonalOf(where: string, config: Config): Initializer {
  const gain = numberAt(where, config, "gain");
  const start = streamOf(seedAt(where, config));
  return (shape) => {
    if (shape.length < 2) throw new ConfigError(where, "a weight of at least two axes", showShape(shape));
    const columns = shape.at(-1) as number;
    const rows = shape.slice(0, -1).reduce((size, d) => size * d, 1);
    return orthogonalMatrix(rows, columns, gain, drawn(shape, start(), normal));
  };
}

function identityOf(where: string, config: Config): Initializer {
  const gain = numberAt(where, config, "gain");
  return (shape) => {
    if (shape.length !== 2) throw new ConfigError(where, "a weight of two axes", showShape(shape));
    const [rows, columns] = shape as [number, number];
    const values = filled(shape, 0);
    for (let k = 0; k < Math.min(rows, columns); k++) values[k * (columns + 1)] = gain;
    return values;
  };
}

/** Draws one number of mean 0. */
type Draw = (random: Stream) => number;

function normal(random: Stream): number {
  let p = random();
  while (p === 0) p = random();
  return normalQuantile(p);
}

/** The share of a normal distribution below minus two deviations. */
const BELOW = 0.02275013194817921;

function truncated(random: Stream): number {
  return normalQuantile(BELOW + (1 - 2 * BELOW) * random());
}

/** The number `offset + factor · draw` for every place of a shape, in double precision. */
function drawn(shape: readonly number[], random: Stream, draw: Draw, offset = 0, factor = 1): Float64Array {
  const numbers = new Float64Array(sizeOf(shape));
  for (let i = 0; i < numbers.length; i++) numbers[i] = offset + factor * draw(random);
  return numbers;
}

function filled(shape: readonly number[], value: number): Float32Array {
  return new Float32Array(sizeOf(shape)).fill(value);
}

function numberAt(where: string, config: Config, key: string): number {
  const value = config[key];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ConfigError(`${where}.${key}`, "a number", show(value));
}

function oneAt(where: string, config: Config, key: string, allowed: readonly string[]): string {
  const value = config[key];
  if (typeof value === "string" && allowed.includes(value)) return value;
  throw new ConfigError(`${where}.${key}`, `one of ${allowed.join(", ")}`, show(value));
}

function axesAt(where: string, config: Config, key: string): readonly number[] | null {
  const value = config[key];
  if (value === null || (Array.isArray(value) && value.every(Number.isSafeInteger))) return value as number[] | null;
  throw new ConfigError(`${where}.${key}`, "a list of axes or null", show(value));
}

/** A whole number or null; Keras' seed generators are taken for the seed that they start with. */
function seedAt(where: string, config: Config): number | null {
  const { seed } = config;
  const own = (seed as { config?: { seed?: unknown } } | null)?.config?.seed ?? seed;
  if (own === null || Number.isSafeInteger(own)) return own as number | null;
  throw new ConfigError(`${where}.seed`, "a whole number or null", show(seed));
}

/** `recurra bench FILE`: how long the model takes here. */

import { ArgumentError, type OnnxModel, RecurraError, runtime, Tensor } from "../index";
import { type Loaded, load } from "./load";
import { microseconds } from "./timing";

export interface BenchOptions {
  batch: readonly number[];
  timesteps: number;
  json?: boolean;
}

interface Row {
  readonly call: "predict" | "stream.step";
  readonly batch: number;
  /** Timesteps of one call: null when the model has no such axis. */
  readonly timesteps: number | null;
  readonly microseconds: number;
}

/** What an input takes; null is an open length. */
interface Input {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  /** Whole numbers below this, or any number at all. */
  readonly ids: number | undefined;
}

const SECONDS = 1;

/** Runs seeded random numbers (or ids) through the model at each batch size, then through a stream. */
export async function bench(file: string, { batch, timesteps, json = false }: BenchOptions): Promise<void> {
  const model = await load(file);
  const rows: Row[] = [];
  for (const size of batch) {
    const x = inputsOf(model).map((input) => randomInput(input, size, timesteps));
    const time = microseconds(() => model.predict(x), SECONDS);
    rows.push({ call: "predict", batch: size, timesteps: openAxis(model) ? timesteps : null, microseconds: time });
  }
  const step = streamTime(model);
  if (step !== undefined) rows.push({ call: "stream.step", batch: 1, timesteps: 1, microseconds: step });

  const { build } = runtime();
  if (json) console.log(JSON.stringify({ model: model.name, build, node: process.version, rows }));
  else console.log([`${model.name}: ${build} build, Node ${process.version}`, ...table(rows)].join("\n"));
}

function inputsOf(model: Loaded | OnnxModel): Input[] {
  return model.inputs.map((input) => {
    if (!("layer" in input)) return { name: input.name, shape: (input.shape ?? []).map(known), ids: undefined };
    const embedding = input.consumers.find(({ className }) => className === "Embedding");
    const ids = embedding?.getConfig().input_dim as number | undefined;
    return { name: input.layer.name, shape: input.shape, ids };
  });
}

/** An ONNX file may give an open length a name. */
function known(length: unknown): number | null {
  return typeof length === "number" ? length : null;
}

function openAxis(model: Loaded): boolean {
  return inputsOf(model).some(({ shape }) => shape.slice(1).includes(null));
}

/** Numbers in [-1, 1), or ids; the same in every run. */
function randomInput({ name, shape, ids }: Input, batch: number, timesteps: number): Tensor {
  const [samples = batch, ...rest] = shape.map((d, axis) => d ?? (axis === 0 ? batch : timesteps));
  if (samples !== batch) throw new ArgumentError("--batch", `${samples}, which ${name} of the model has`, `${batch}`);
  const whole = [samples, ...rest];
  const data = new Float32Array(whole.reduce((product, d) => product * d, 1));
  let seed = 1;
  for (let k = 0; k < data.length; k++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator modulo 2^32
    data[k] = ids === undefined ? seed / 2 ** 31 - 1 : Math.floor((seed / 2 ** 32) * ids);
  }
  return new Tensor(whole, "float32", data);
}

/** Undefined for models that need timesteps to come. */
function streamTime(model: Loaded): number | undefined {
  try {
    const stream = model.createStream();
    return microseconds(() => void stream.step(), SECONDS);
  } catch (e) {
    if (RecurraError.is(e) && e.code === "unsupported") return undefined;
    throw e;
  }
}

function table(rows: readonly Row[]): string[] {
  const line = (...cells: string[]) => cells.map((text, k) => (k === 0 ? text.padEnd(11) : text.padStart(14))).join("");
  return [
    line("call", "batch", "timesteps", "time", "a second"),
    ...rows.map(({ call, batch, timesteps, microseconds: time }) => {
      const rate = (1e6 * batch * (timesteps ?? 1)) / time;
      const unit = timesteps === null ? "samples" : "timesteps";
      const took = time < 1000 ? `${time.toFixed(1)} µs` : `${(time / 1000).toFixed(2)} ms`;
      return `${line(call, `${batch}`, `${timesteps ?? "-"}`, took, short(rate))} ${unit}`;
    }),
  ];
}

function short(rate: number): string {
  return rate >= 1e6 ? `${(rate / 1e6).toFixed(2)} M` : rate >= 1e3 ? `${(rate / 1e3).toFixed(1)} k` : rate.toFixed(1);
}

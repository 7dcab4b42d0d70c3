/** Runs a model on samples of any lengths, on one thread or several. */

import { createPool, type ErrorCode, type Pool, RecurraError, Tensor, type TensorData } from "../index";
import type { Loaded } from "./load";
import type { Sample } from "./source";

/** What a model gives for one sample, one tensor an output, without the batch axis; or why there is nothing. */
export type Score = readonly Tensor[] | RecurraError;
type Inputs = readonly Tensor[];

/** Failures for which no sample is to blame. */
const NOT_OF_SAMPLES = new Set<ErrorCode>(["memory", "worker", "runtime", "state", "busy", "io"]);

/** What a model says of a sample, and which one it is. */
class SampleError extends RecurraError {
  readonly code: ErrorCode;

  constructor(sample: string, cause: RecurraError) {
    super(`${sample}, ${cause.where}`, cause.expected, cause.got, { cause, details: cause.details });
    this.code = cause.code;
  }
}

export class Scorer {
  private pool: Promise<Pool> | undefined;

  /** @param batchSize For models with states, whose samples are one batch otherwise. */
  constructor(
    private readonly model: Loaded,
    private readonly threads: number,
    private readonly batchSize: number | undefined,
  ) {}

  /**
   * @param samples Those of each input.
   * @param alone Keeps the workers out: they take longer to start than a few samples need.
   * @returns one score a sample, in their order.
   */
  async scores(samples: readonly (readonly Sample[])[], alone: boolean): Promise<Score[]> {
    const scores: Score[] = new Array(samples.length);
    const groups = new Map<string, number[]>();
    for (const [k, inputs] of samples.entries()) {
      const values = inputs.map(({ value }) => value);
      const wrong = values.find((value) => !(value instanceof Tensor));
      if (wrong) {
        scores[k] = wrong as RecurraError;
        continue;
      }
      const key = (values as Inputs).map(({ shape, dtype }) => `${dtype}:${shape}`).join(" ");
      const group = groups.get(key);
      if (group) group.push(k);
      else groups.set(key, [k]);
    }
    const runGroup = async (members: readonly number[]) => {
      const made = await this.run(
        members.map((k) => samples[k] as readonly Sample[]),
        alone,
      );
      for (const [at, k] of members.entries()) scores[k] = made[at] as Score;
    };
    await Promise.all([...groups.values()].map(runGroup));
    return scores;
  }

  /** Samples of one shape. Where they fail together, halves are tried, so that only those fail that have to. */
  private async run(samples: readonly (readonly Sample[])[], alone: boolean): Promise<Score[]> {
    try {
      const inputs = samples.map((all) => all.map(({ value }) => value as Tensor));
      return await this.predicted(inputs, alone);
    } catch (e) {
      if (!RecurraError.is(e) || NOT_OF_SAMPLES.has(e.code) || this.model.isStateful) throw e;
      if (samples.length === 1) return [new SampleError(samples[0]?.map(({ where }) => where).join(", ") as string, e)];
      const middle = samples.length >> 1;
      const first = await this.run(samples.slice(0, middle), alone);
      return [...first, ...(await this.run(samples.slice(middle), alone))];
    }
  }

  private async predicted(samples: readonly Inputs[], alone: boolean): Promise<Score[]> {
    const inputs = (samples[0] as Inputs).map((_, k) => stacked(samples.map((all) => all[k] as Tensor)));
    const made: unknown =
      alone || this.threads === 1
        ? this.model.predict(inputs, this.batchSize === undefined ? {} : { batchSize: this.batchSize })
        : await (await this.workers()).predict(inputs);
    const outputs = (Array.isArray(made) ? made : [made]) as readonly Tensor[];
    return samples.map((_, row) => outputs.map((output) => rowOf(output, row)));
  }

  private workers(): Promise<Pool> {
    this.pool ??= createPool(this.model, { threads: this.threads });
    return this.pool;
  }

  async close(): Promise<void> {
    await (await this.pool)?.close();
  }
}

/** Samples of one shape, [1, …], as one batch. */
function stacked(samples: readonly Tensor[]): Tensor {
  const { shape, dtype, data } = samples[0] as Tensor;
  if (samples.length === 1) return samples[0] as Tensor;
  const all = new (data.constructor as new (size: number) => TensorData)(samples.length * data.length);
  for (const [k, sample] of samples.entries()) all.set(sample.data, k * data.length);
  return new Tensor([samples.length, ...shape.slice(1)], dtype, all);
}

/** One row of a result, without copying. */
function rowOf({ shape, dtype, data }: Tensor, row: number): Tensor {
  const width = data.length / (shape[0] as number);
  return new Tensor(shape.slice(1), dtype, data.subarray(row * width, (row + 1) * width));
}

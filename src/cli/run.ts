/** The way of all samples: read, scored and written in chunks; a checkpoint after the first and every second. */

import { RecurraError, ShapeError } from "../index";
import { type Checkpoint, saveCheckpoint } from "./checkpoint";
import { type Progress, withBar } from "./progress";
import type { Results } from "./results";
import type { Score, Scorer } from "./scorer";
import type { Sample, Source } from "./source";

/** Samples at a time: first few, to learn how large they and their results are, then as many as hold NUMBERS. */
const FIRST = 64;
const MOST = 4096;
const NUMBERS = 1 << 18;
/** Between two checkpoints. */
const EVERY_MS = 1000;

export interface Run {
  readonly scorer: Scorer;
  readonly sources: readonly Source[];
  readonly results: Results;
  /** Samples at a time, if it matters. */
  readonly atOnce: number | undefined;
  /** Of the model. */
  readonly fingerprint: string;
  readonly from: Checkpoint | undefined;
  /** Whether another run can go on where this one ends: it leaves checkpoints. */
  readonly canGoOn: boolean;
}

export interface Ran {
  readonly samples: number;
  readonly rejected: number;
  /** False when a signal ended it. */
  readonly isComplete: boolean;
}

/** Samples on their way. */
interface Chunk {
  readonly scores: Promise<readonly Score[]>;
  readonly numbers: number;
  /** Fingerprints of the inputs up to here. */
  readonly inputs: readonly string[];
  /** Bytes read. */
  readonly position: number;
}

/**
 * While one chunk is scored, the next is read and the one before it is written.
 * @throws the error of the first sample that is refused, unless these are listed; a checkpoint is left then too.
 */
export function run(what: Run): Promise<Ran> {
  return withBar("predicting", "samples", (show) => runShown(what, show));
}

async function runShown(what: Run, show: Progress): Promise<Ran> {
  const { scorer, sources, results, atOnce, fingerprint, from, canGoOn } = what;
  const size = sources.reduce<number | null>(
    (sum, source) => (sum === null || source.size === null ? null : sum + source.size),
    0,
  );
  const done = {
    samples: from?.samples ?? 0,
    rejected: from?.rejected ?? 0,
    inputs: from?.inputs ?? [],
    written: from?.written ?? [],
  };
  const begun = done.samples;
  let count = atOnce ?? FIRST;
  let isFirst = true;
  let isStopped = false;
  let savedAt = Number.NEGATIVE_INFINITY;

  const read = async (): Promise<Chunk | undefined> => {
    const wanted = count;
    const rows = rowsOf(sources, await Promise.all(sources.map((source) => source.read(wanted))));
    if (rows.length === 0) return undefined;
    const scores = scorer.scores(rows, isFirst && rows.length < wanted);
    scores.catch(() => {}); // heard of when its turn comes
    isFirst = false;
    const position = sources.reduce((sum, source) => sum + source.position, 0);
    const numbers = rows.flat().reduce((sum, { value }) => sum + (RecurraError.is(value) ? 0 : value.data.length), 0);
    return { scores, numbers, inputs: sources.map((source) => source.digest()), position };
  };
  const save = async () => {
    savedAt = performance.now();
    if (!canGoOn || results.output === undefined || done.samples === 0) return;
    await results.sync();
    await saveCheckpoint(results.output, { model: fingerprint, ...done });
  };
  const write = async ({ scores, numbers, inputs, position }: Chunk) => {
    const all = await scores;
    const wrong = all.find((score) => RecurraError.is(score));
    if (wrong && !results.goesOn) throw wrong;
    await results.write(all, done.samples);
    done.samples += all.length;
    done.rejected += all.filter((score) => RecurraError.is(score)).length;
    done.inputs = inputs;
    done.written = results.written.map((one) => ({ ...one })); // what is written of a chunk that fails does not count
    show(position, size, done.samples - begun);
    const each = Math.max(numbers, numbersOf(all)) / all.length;
    count = atOnce ?? Math.max(1, Math.min(MOST, Math.floor(NUMBERS / each)));
    if (performance.now() - savedAt > EVERY_MS) await save();
  };

  const stop = () => {
    isStopped = true;
  };
  const signals = canGoOn ? (["SIGINT", "SIGTERM"] as const) : [];
  for (const signal of signals) process.once(signal, stop);
  try {
    let before: Chunk | undefined;
    for (let chunk = await read(); chunk; chunk = isStopped ? undefined : await read()) {
      if (before) await write(before);
      before = chunk;
    }
    if (before) await write(before);
    if (isStopped) await save();
    return { samples: done.samples, rejected: done.rejected, isComplete: !isStopped };
  } catch (e) {
    await save().catch(() => {}); // the first error tells more
    throw e;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** Samples of each input, side by side. */
function rowsOf(sources: readonly Source[], all: readonly (readonly Sample[])[]): readonly (readonly Sample[])[] {
  const [first = [], ...others] = all;
  const odd = others.findIndex((samples) => samples.length !== first.length);
  if (odd >= 0) {
    const [a, b] = [sources[0]?.file, sources[odd + 1]?.file];
    throw new ShapeError("--input", "as many samples in all files", `more in one of ${a} and ${b}`);
  }
  return first.map((_, k) => all.map((samples) => samples[k] as Sample));
}

function numbersOf(scores: readonly Score[]): number {
  return scores.reduce(
    (sum, score) => sum + (RecurraError.is(score) ? 1 : score.reduce((all, { data }) => all + data.length, 0)),
    1,
  );
}

/** The files of a run: one an output of the model, and a list of what was rejected. */

import { extname } from "node:path";
import { RecurraError, type Tensor } from "../index";
import { type Checkpoint, removeCheckpoint } from "./checkpoint";
import { FORMS, formOf, type Output, type Written } from "./output";
import type { Score } from "./scorer";
import { fileSink, type Sink, stdoutSink } from "./sink";

export interface Results {
  /** The file that checkpoints lie beside. */
  readonly output: string | undefined;
  readonly written: readonly Written[];
  /** True when samples may be rejected without ending the run. */
  readonly goesOn: boolean;
  /** @param first The number of the first of these samples. */
  write(scores: readonly Score[], first: number): Promise<void>;
  /** What was written outlives the machine's end. */
  sync(): Promise<void>;
  /**
   * All is there: gives the files their names. The checkpoint goes before that, so that a run that ends between the
   * first name and the last begins anew.
   */
  finish(): Promise<void>;
  /** Leaves what was written to another run, if it is anything. */
  close(): Promise<void>;
}

/** @param from What an earlier run has written. */
export async function openResults(
  output: string | undefined,
  rejected: string | undefined,
  count: number,
  from: Checkpoint | undefined,
): Promise<Results> {
  const written = Array.from({ length: count + 1 }, (_, k): Written => ({ bytes: 0, samples: 0, ...from?.written[k] }));
  const outputs: Output[] = [];
  const files = outputFiles(output, count);
  for (let k = 0; k < count; k++) outputs.push(await open(files[k], k, count, written[k] as Written));
  const list = rejected === undefined ? undefined : await fileSink(rejected, written[count]?.bytes ?? 0);
  const all = [...outputs, ...(list ? [list] : [])];
  let isOpen = true;
  return {
    output,
    written,
    goesOn: list !== undefined,
    async write(scores, first) {
      const good = scores.map((score) => (RecurraError.is(score) ? undefined : (score as readonly Tensor[])));
      for (const [k, one] of outputs.entries()) await one.write(good.map((tensors) => tensors?.[k]));
      const lines = scores.flatMap((score, k) => (RecurraError.is(score) ? [line(first + k, score)] : []));
      if (lines.length === 0) return;
      await list?.append(lines.join(""));
      (written[count] as Written).samples += lines.length;
      (written[count] as Written).bytes += Buffer.byteLength(lines.join(""));
    },
    async sync() {
      for (const one of all) await one.sync();
    },
    async finish() {
      isOpen = false;
      for (const one of all) await one.finish();
      if (output !== undefined) await removeCheckpoint(output);
      for (const one of all) await one.name();
    },
    async close() {
      const isEmpty = written[0]?.samples === 0;
      if (isOpen) await Promise.all(all.map((one) => one.close(isEmpty)));
      isOpen = false;
    },
  };
}

/** The file of each output: `y.npy`, of several `y.0.npy` and so on; none for standard output. */
export function outputFiles(output: string | undefined, count: number): readonly string[] {
  if (output === undefined) return [];
  const type = extname(output);
  const stem = output.slice(0, output.length - type.length);
  return count === 1 ? [output] : Array.from({ length: count }, (_, k) => `${stem}.${k}${type}`);
}

async function open(file: string | undefined, k: number, count: number, written: Written): Promise<Output> {
  if (file === undefined) return FORMS[".json"](count === 1 ? stdoutSink() : turnOf(k, count), written);
  const form = formOf(file, extname(file).toLowerCase());
  return FORMS[form](await fileSink(file, written.bytes), written, file);
}

/** Several outputs on stdout are a list of them: each is kept until those before it are complete. */
function turnOf(k: number, count: number): Sink {
  const stdout = stdoutSink();
  const kept: (string | Uint8Array)[] = [];
  return {
    ...stdout,
    append: async (text) => void kept.push(text),
    async finish() {
      await stdout.append(k === 0 ? "[" : ",");
      for (const text of kept) await stdout.append(text);
      await stdout.append(k === count - 1 ? "]\n" : "");
    },
  };
}

/** What is told of a sample that was rejected. */
function line(sample: number, { code, message }: RecurraError): string {
  return `${JSON.stringify({ sample, error: { code, message } })}\n`;
}

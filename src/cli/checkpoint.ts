/** How far a run has come, beside what it has written. */

import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { ArgumentError, FormatError, StateError } from "../index";
import type { Written } from "./output";
import { partOf } from "./sink";
import { ioError } from "./source";

export interface Checkpoint {
  /** A fingerprint of the model. */
  readonly model: string;
  /** Samples that were read: scored, or refused. */
  readonly samples: number;
  readonly rejected: number;
  /** Fingerprints of these samples, one an input. */
  readonly inputs: readonly string[];
  /** What was written, one a file. */
  readonly written: readonly Written[];
}

function fileOf(output: string): string {
  return `${partOf(output)}.json`;
}

/**
 * Where to go on.
 *
 * @param resume Whether that is wanted.
 * @throws {StateError} when a run was interrupted, and it is not said that this one is to go on.
 */
export async function startingPoint(output: string, resume: boolean): Promise<Checkpoint | undefined> {
  const file = fileOf(output);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw ioError(file, "a file that can be read", cause);
  }
  let checkpoint: Checkpoint;
  try {
    checkpoint = JSON.parse(text) as Checkpoint;
  } catch (cause) {
    throw new FormatError(file, "JSON", (cause as Error).message, { cause });
  }
  if (!Array.isArray(checkpoint?.written) || !Array.isArray(checkpoint.inputs)) {
    throw new FormatError(file, "the checkpoint of an interrupted run", "other JSON");
  }
  if (resume) return checkpoint;
  const found = `an interrupted run with ${checkpoint.samples} samples done`;
  throw new StateError(file, "--resume to go on, or this file removed to begin anew", found);
}

/** The old one stays until the new one is complete. */
export async function saveCheckpoint(output: string, checkpoint: Checkpoint): Promise<void> {
  const file = fileOf(output);
  try {
    await writeFile(`${file}.new`, JSON.stringify(checkpoint));
    await rename(`${file}.new`, file);
  } catch (cause) {
    throw ioError(file, "a file that can be written", cause);
  }
}

export async function removeCheckpoint(output: string): Promise<void> {
  await rm(fileOf(output), { force: true });
}

/** @throws {ArgumentError} when something is not what it was. */
export function mustBe(what: string, got: unknown, wanted: unknown): void {
  if (got === wanted) return;
  throw new ArgumentError("--resume", `${what} of the interrupted run`, "another");
}

/** What a file leaves open, as callers say it. */

import { ArgumentError, show } from "../errors";
import { checkOptions, readGiven } from "../options";
import type { OnnxGraph, OnnxValue } from "../spec";
import type { TensorLike } from "../tensor";

/** How an ONNX file is to be understood. */
export interface OnnxOptions {
  /** Lengths of axes that the file leaves open, by input; null leaves one open. */
  inputShapes?: Readonly<Record<string, readonly (number | null)[]>>;
  /** Inputs that never change, by name; what follows from them is computed once. */
  constants?: Readonly<Record<string, TensorLike>>;
  /** Output → input: what a stream carries from step to step. */
  state?: Readonly<Record<string, string>>;
}

type Said = Required<OnnxOptions>;

/** Options that fit a graph, and its inputs that are no constants. */
interface Fitting extends Said {
  readonly open: readonly OnnxValue[];
}

/** @throws {ArgumentError} for options that are none, and for names that the graph does not have. */
export function onnxOptions(file: string, { inputs, outputs }: OnnxGraph, given: OnnxOptions): Fitting {
  const read = readGiven<Said>(`${file}, onnx`, given, { inputShapes: {}, constants: {}, state: {} });
  for (const [option, value] of Object.entries(read)) checkOptions(value, `${file}, onnx`, option);
  const { inputShapes, constants, state } = read;
  const open = inputs.filter(({ name }) => !Object.hasOwn(constants, name));
  checkNames(`${file}, inputShapes`, inputs, Object.keys(inputShapes));
  checkNames(`${file}, constants`, inputs, Object.keys(constants));
  checkNames(`${file}, state`, outputs, Object.keys(state));
  checkNames(`${file}, state`, open, Object.values(state));
  return { ...read, open };
}

function checkNames(where: string, list: readonly OnnxValue[], names: readonly string[]): void {
  const odd = names.find((value) => !list.some(({ name }) => name === value));
  if (odd === undefined) return;
  throw new ArgumentError(where, `one of ${list.map(({ name }) => name).join(", ")}`, show(odd));
}

/** What making a model of an ONNX file did besides. */

import type { OnnxGraph, OnnxSpec } from "../spec";

/** What a file held that this library does not use, or does in another way. */
export interface OnnxLoadReport {
  readonly format: "onnx";
  /** Which program wrote it, as the file says; empty where it does not. */
  readonly producer: string;
  /** Types of floats that are computed in float32. */
  readonly computedInFloat32: readonly string[];
  /** Keys that are not known here; a graph has none. */
  readonly ignoredKeys: readonly string[];
  /** Parts of the file that inference does not need: metadata, training information, … */
  readonly ignored: readonly string[];
}

export function reportOf({ producer, graph, ignored }: OnnxSpec): OnnxLoadReport {
  const odd = [...floatsIn(graph)].filter((dtype) => dtype !== "float32");
  return { format: "onnx", producer, computedInFloat32: [...new Set(odd)].sort(), ignoredKeys: [], ignored };
}

/** The types of float that weights, constants and inputs have, branches included. */
function* floatsIn(graph: OnnxGraph): Generator<string> {
  for (const { dtype } of [...graph.initializers.values(), ...graph.inputs]) if (dtype.includes("float")) yield dtype;
  for (const { attributes } of graph.nodes) {
    for (const value of attributes.values()) {
      if (typeof value !== "object" || Array.isArray(value)) continue;
      if ("nodes" in value) yield* floatsIn(value);
      else if ("dtype" in value && value.dtype.includes("float")) yield value.dtype;
    }
  }
}

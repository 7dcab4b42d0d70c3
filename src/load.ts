/** Files → models. Readers and layers are loaded when the first file is opened. */

import { type OpenedSource, openSource, type Source } from "#platform";
import { objectSpec } from "./config/object";
import { ArgumentError, FormatError } from "./errors";
import type { Limits, ModelParts } from "./formats";
import type { TorchModule } from "./formats/torch_modules";
import type { CustomLayer } from "./layers/registry";
import type { AnyResult } from "./models/from_json";
import type { Model } from "./models/model";
import type { OnnxModel } from "./onnx/model";
import type { OnnxOptions } from "./onnx/options";
import { checkOptions } from "./options";
import type { ModelSpec } from "./spec";

export type { TorchModule } from "./formats/torch_modules";
export type { OnnxModel } from "./onnx/model";
export type { OnnxOptions } from "./onnx/options";

/** Where a model comes from: a path, an address, a file, bytes; or a topology and its weights. */
export type ModelSource = Source | ModelParts;

/** How to load. */
export interface LoadOptions {
  /**
   * Called while bytes arrive, with those that have come and with all of them where that is known: of one file, or of
   * all files that have been asked for by then.
   */
  onProgress?: (loaded: number, total: number | null) => void;
  /** Aborting rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Instead of the platform's own. */
  fetch?: typeof fetch;
  /** What one file may cost; the defaults allow 2 GiB unpacked. */
  limits?: Partial<Limits>;
  /** Class name → what makes a user's layer of its configuration; for this file, beside those registered. */
  customLayers?: Readonly<Record<string, CustomLayer>>;
  /**
   * For a PyTorch state dict in safetensors: its modules in the order of `forward`. Not needed where there is one
   * recurrent module, and at most a linear one behind it. Sizes, layers, directions and biases are in the tensors.
   */
  torch?: readonly TorchModule[];
  /** For an ONNX file: shapes and constants that it leaves open, and the states of a stream. */
  onnx?: OnnxOptions;
}

/**
 * Loads a model with its weights. The format is told by the bytes.
 *
 * An ONNX file gives an {@link OnnxModel}: it predicts, streams and sums itself up, but has no layers. With the option
 * `onnx`, which may be empty, the type says so.
 *
 * What the file held and this library did not use is in `model.loadReport`.
 *
 * @throws {FormatError} when the bytes are damaged or no model. @throws {WeightError} when weights do not fit.
 * @throws {UnsupportedError} naming the layer, operation or format that is not done here.
 * @throws {IoError} @throws {NetworkError} @throws {LimitError}
 *
 * @example
 * const model = await loadModel("model.keras");
 * model.summary();
 *
 * @example
 * const torch = [{ type: "embedding", name: "emb" }, { type: "lstm", output: "last" }, { type: "linear" }] as const;
 * const tagger = await loadModel("state_dict.safetensors", { torch });
 *
 * @example
 * const onnx = { inputShapes: { input: [1, 576] }, constants: { sr: 16000 }, state: { stateN: "state" } };
 * const stream = (await loadModel("silero_vad_16k_op15.onnx", { onnx })).createStream();
 */
export function loadModel(source: ModelSource, options: LoadOptions & { onnx: OnnxOptions }): Promise<OnnxModel>;
export function loadModel(source: ModelSource, options?: LoadOptions): Promise<Model<AnyResult>>;
export async function loadModel(source: ModelSource, options: LoadOptions = {}): Promise<Model<AnyResult> | OnnxModel> {
  checkOptions(options, "loadModel");
  const { limits, signal } = options;
  const { readModel } = await import("./formats");
  const limited = limits ? { limits } : {};
  const spec = isParts(source)
    ? await readModel(source, limited)
    : await openSource(source, sourceOptions(options)).then((opened) => {
        return readModel(opened.bytes, { name: opened.name, sibling: besides(opened, options), ...limited });
      });
  signal?.throwIfAborted();
  if (spec.format === "onnx") {
    return new (await import("./onnx/model")).OnnxModel(spec, options.onnx, limits);
  }
  if (options.onnx) throw new ArgumentError(`${spec.name}, onnx`, "an ONNX file", spec.format);
  return buildModel(await withModules(spec, options), options);
}

/** A state dict has no architecture: it is told, or inferred. */
async function withModules(spec: ModelSpec, { torch }: LoadOptions): Promise<ModelSpec> {
  if (torch === undefined && spec.format !== "safetensors") return spec;
  const { torchModel } = await import("./formats/torch");
  return torchModel(spec, torch);
}

function isParts(source: ModelSource): source is ModelParts {
  return typeof source === "object" && source !== null && "topology" in source;
}

/** Reads files beside the first one; their bytes count on top of its own. */
function besides({ bytes, sibling }: OpenedSource, { onProgress }: LoadOptions) {
  if (!onProgress) return (path: string) => sibling(path);
  const files = [{ loaded: bytes.length, total: bytes.length as number | null }];
  return (path: string) => {
    const file = { loaded: 0, total: null as number | null };
    files.push(file);
    return sibling(path, (loaded, total) => {
      Object.assign(file, { loaded, total });
      const all = files.reduce<number | null>((sum, f) => (sum === null || f.total === null ? null : sum + f.total), 0);
      onProgress(
        files.reduce((sum, f) => sum + f.loaded, 0),
        all,
      );
    });
  };
}

function sourceOptions({ onProgress, signal, fetch, limits }: LoadOptions) {
  return {
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
    ...(fetch && { fetch }),
    ...(limits?.bytes !== undefined && { maxBytes: limits.bytes }),
  };
}

async function buildModel(spec: ModelSpec, { customLayers }: LoadOptions): Promise<Model<AnyResult>> {
  const { name, architecture, weights, kerasVersion, dialect, format, ignored, initialStates } = spec;
  if (!architecture) throw new FormatError(name, "a model, or { topology, weights }", "weights alone");
  const [{ modelFromSpec }, { assignWeights }, { newReading }] = await Promise.all([
    import("./models/from_config"),
    import("./models/assign_weights"),
    import("./layers/deserialize"),
  ]);
  const reading = newReading(dialect, { custom: customLayers ?? {} });
  const model = modelFromSpec(objectSpec(architecture, name), name, reading) as Model<AnyResult>;
  if (!model.built && weights.kind !== "none") throw new FormatError(name, "a model with an input shape", "none");
  assignWeights(model, weights);
  if (initialStates) (await import("./models/assign_states")).assignStates(model, initialStates);
  model.loadReport = {
    format,
    kerasVersion,
    dialect,
    computedInFloat32: [...reading.policies],
    ignoredKeys: [...reading.ignored],
    ignored,
  };
  return model;
}

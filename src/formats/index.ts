/** Bytes → plain data, whatever Keras, TF.js or a neighbour wrote. The readers are loaded when they are needed. */
import { FormatError, RecurraError } from "../errors";
import type { ModelSpec } from "../spec";
import { Allowance, type Limits } from "./limits";
import { sniff } from "./sniff";

export type { Limits } from "./limits";

export interface ReadOptions {
  /** How the file is called in messages; default `model`. */
  readonly name?: string;
  readonly limits?: Partial<Limits>;
}

/**
 * Reads a model file. The format is told by the bytes, never by the name.
 *
 * @throws {FormatError} when the bytes are damaged or no model.
 * @throws {UnsupportedError} when they are a kind of model that is not read.
 * @throws {LimitError} when it would cost more than `limits` allow.
 */
export async function readModel(bytes: Uint8Array, options: ReadOptions = {}): Promise<ModelSpec> {
  const name = options.name ?? "model";
  const allowance = new Allowance(options.limits);
  return typed(name, async () => {
    const container = sniff(bytes, name);
    switch (container) {
      case "zip":
        return (await import("./keras_zip")).readKerasZip(bytes, name, allowance);
      case "hdf5":
        return (await import("./legacy_hdf5")).readHdf5(bytes, name, allowance);
      default:
        throw new FormatError(name, "a .keras file", container);
    }
  });
}

/** Whatever a reader did not foresee is a damaged file, not a bare error. */
async function typed<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (RecurraError.is(cause)) throw cause;
    throw new FormatError(name, "a sound model file", cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  }
}

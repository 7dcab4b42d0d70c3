/**
 * What stands between jsfive and damaged files. It walks wherever the bytes point: B-trees that share children, heaps
 * of any declared length, attributes of no width. Every name and signature it reads passes through
 * `ArrayBuffer.slice`, so a buffer that counts its slices bounds its work; what it throws is made a typed error, what
 * it prints is dropped.
 */
import { FormatError, LimitError, RecurraError } from "../errors";

/** Counted beside the bytes of a slice, for what happens between two of them. */
const SLICE_COST = 64;

/** A copy of a file whose slices, and theirs, draw on one allowance: 4 MiB + 64 times the file, 10 s + 2 s per MiB. */
export class GuardedBuffer extends ArrayBuffer {
  private meter = { left: 0, slices: Number.POSITIVE_INFINITY, until: 0 };

  static of(bytes: Uint8Array): GuardedBuffer {
    const copy = new GuardedBuffer(bytes.length);
    new Uint8Array(copy).set(bytes);
    copy.meter.left = 2 ** 22 + 64 * bytes.length;
    copy.meter.until = Date.now() + 10_000 + bytes.length / 500;
    return copy;
  }

  /** Runs `read` with at most so many slices of this file. */
  within<T>(slices: number, read: () => T): T {
    this.meter.slices = slices;
    try {
      return read();
    } finally {
      this.meter.slices = Number.POSITIVE_INFINITY;
    }
  }

  override slice(begin = 0, end = this.byteLength): GuardedBuffer {
    const view = new Uint8Array(this).subarray(begin, end);
    const { meter } = this;
    meter.left -= view.length + SLICE_COST;
    meter.slices -= 1;
    if (meter.left < 0 || meter.slices < 0 || Date.now() > meter.until) {
      throw new LimitError("HDF5", "structures in proportion to the file", "ones that refer to each other without end");
    }
    const part = new GuardedBuffer(view.length);
    new Uint8Array(part).set(view);
    part.meter = meter;
    return part;
  }
}

/** Runs `read` with the console silent. @throws {FormatError} for whatever it throws that is no error of ours. */
export function guarded<T>(where: string, read: () => T): T {
  const { log, warn } = console;
  console.log = console.warn = () => {};
  try {
    return read();
  } catch (cause) {
    if (RecurraError.is(cause)) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(where, "a sound HDF5 structure", `damaged or unknown bytes (${said.slice(0, 80)})`, {
      cause,
    });
  } finally {
    console.log = log;
    console.warn = warn;
  }
}

/** Results, as they come, in the form of a file: `.npy`, `.json` or `.jsonl`. */

import { ArgumentError, type DType, ShapeError, Tensor, tensorToNpy } from "../index";
import { shortest } from "./json_numbers";
import type { Sink } from "./sink";

/** What has been written so far. */
export interface Written {
  bytes: number;
  samples: number;
  /** Of one result in a `.npy` file, when it is known. */
  row?: { readonly shape: readonly number[]; readonly dtype: DType };
}

/** Takes the results of samples in their order; of those that were refused, nothing. */
export interface Output {
  readonly written: Written;
  write(results: readonly (Tensor | undefined)[]): Promise<void>;
  /** What was written outlives the machine's end. */
  sync(): Promise<void>;
  finish(): Promise<void>;
  /** Then: gives the file its name. */
  name(): Promise<void>;
  /** @param isEmpty Nothing is worth keeping. */
  close(isEmpty: boolean): Promise<void>;
}

/** The files that results can be written to, and how. */
export const FORMS = {
  ".npy": (sink: Sink, written: Written, where: string): Output => new NpyOutput(sink, written, where),
  ".json": (sink: Sink, written: Written): Output => new TextOutput(sink, written, ["[", ",", "", "]"]),
  ".jsonl": (sink: Sink, written: Written): Output => new TextOutput(sink, written, ["", "", "\n", ""]),
} as const;

/** @throws {ArgumentError} for a file that is none of {@link FORMS}. */
export function formOf(file: string, type: string): keyof typeof FORMS {
  if (type in FORMS) return type as keyof typeof FORMS;
  throw new ArgumentError("--output", "a .npy, .json or .jsonl file", file);
}

class TextOutput implements Output {
  constructor(
    private readonly sink: Sink,
    readonly written: Written,
    private readonly marks: readonly [first: string, next: string, after: string, end: string],
  ) {}

  async write(results: readonly (Tensor | undefined)[]): Promise<void> {
    const [first, next, after] = this.marks;
    let text = "";
    for (const result of results) {
      const value = result ? JSON.stringify(shortest(result.toArray())) : "null";
      text += `${this.written.samples++ === 0 ? first : next}${value}${after}`;
    }
    this.written.bytes += Buffer.byteLength(text);
    await this.sink.append(text);
  }

  async finish(): Promise<void> {
    const [first, , , end] = this.marks;
    await this.sink.append(`${this.written.samples === 0 ? first : ""}${end}`);
    await this.sink.finish();
  }

  name(): Promise<void> {
    return this.sink.name();
  }

  sync(): Promise<void> {
    return this.sink.sync();
  }

  close(isEmpty: boolean): Promise<void> {
    return this.sink.close(isEmpty);
  }
}

/** A header of a fixed length, written again when the number of samples is known. Refused samples are rows of NaN. */
class NpyOutput implements Output {
  constructor(
    private readonly sink: Sink,
    readonly written: Written,
    private readonly where: string,
  ) {}

  async write(results: readonly (Tensor | undefined)[]): Promise<void> {
    const first = results.find((result) => result !== undefined);
    if (!this.written.row && first) await this.begin(first);
    const { row } = this.written;
    if (!row) {
      this.written.samples += results.length;
      return;
    }
    const rows = results.map((result) => bytesOf(result ?? filled(row)));
    for (const result of results) {
      if (!result || String(result.shape) === String(row.shape)) this.written.samples++;
      else throw this.ragged(result.shape, row.shape);
    }
    await this.append(Buffer.concat(rows));
  }

  /** The header, and the rows of the samples that were refused before the first one was not. */
  private async begin({ shape, dtype }: Tensor): Promise<void> {
    const row = { shape, dtype };
    this.written.row = row;
    await this.append(header(0, row));
    for (let k = 0; k < this.written.samples; k++) await this.append(bytesOf(filled(row)));
  }

  private async append(bytes: Uint8Array): Promise<void> {
    await this.sink.append(bytes);
    this.written.bytes += bytes.length;
  }

  private ragged(got: readonly number[], wanted: readonly number[]): ShapeError {
    const where = `${this.where}, sample ${this.written.samples + 1}`;
    return new ShapeError(where, `a result of [${wanted}], as before (.jsonl takes any)`, `[${got}]`);
  }

  async finish(): Promise<void> {
    const { samples, row = { shape: [], dtype: "float32" } } = this.written;
    await this.sink.overwrite(header(samples, row));
    await this.sink.finish();
  }

  name(): Promise<void> {
    return this.sink.name();
  }

  sync(): Promise<void> {
    return this.sink.sync();
  }

  close(isEmpty: boolean): Promise<void> {
    return this.sink.close(isEmpty);
  }
}

type Row = NonNullable<Written["row"]>;

/** Of as many bytes for any number of samples: the text of an empty array, with another number and more spaces. */
function header(samples: number, { shape, dtype }: Row): Uint8Array {
  const empty = tensorToNpy(filled({ shape: [0, ...shape], dtype }));
  const text = Buffer.from(empty.subarray(10)).toString("latin1").trimEnd().replace("(0,", `(${samples},`);
  const longest = text.length + 16; // more digits than a number of samples has
  const length = Math.ceil((10 + longest) / 64) * 64;
  const bytes = Buffer.alloc(length, " ");
  bytes.set(empty.subarray(0, 8));
  bytes.writeUInt16LE(length - 10, 8);
  bytes.write(text, 10, "latin1");
  bytes[length - 1] = 10;
  return bytes;
}

function filled({ shape, dtype }: Row): Tensor {
  const size = shape.reduce((product, d) => product * d, 1);
  if (dtype === "float32") return new Tensor(shape, dtype, new Float32Array(size).fill(Number.NaN));
  return new Tensor(shape, dtype, dtype === "bool" ? new Uint8Array(size) : new Int32Array(size));
}

function bytesOf({ data: { buffer, byteOffset, byteLength } }: Tensor): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** NumPy's `.npy`, some samples at a time. */

import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { type NpyLayout, npyLayout } from "../formats/npy";
import { FormatError, Tensor, tensorFromNpy } from "../index";
import type { Sample, Source } from "./source";

/** NumPy writes less; version 1 of the format allows as much. */
const HEADER = 1 << 16;
/** Bytes that are passed by at a time. */
const SKIPPED = 1 << 22;

/** Opens an array in C or Fortran order; no more of it is held in memory than the samples that are read at a time. */
export async function openNpy(file: string): Promise<Source> {
  const handle = await open(file);
  try {
    const head = new Uint8Array(HEADER);
    const { bytesRead } = await handle.read(head, 0, HEADER, 0);
    const layout = npyLayout(head.subarray(0, bytesRead), file);
    const { size } = await handle.stat();
    const [samples = 1, ...rest] = layout.shape;
    const width = rest.reduce((product, d) => product * d, 1);
    const bytes = Number(/\d+$/.exec(layout.dtype)?.[0] ?? 8) / 8;
    const wanted = layout.start + samples * width * bytes;
    if (layout.shape.length === 0) throw new FormatError(file, "an array with an axis of samples", "one number");
    if (size !== wanted) throw new FormatError(file, `${wanted} bytes for [${layout.shape}]`, `${size}`);
    return new NpySource(file, handle, layout, samples, width, bytes);
  } catch (e) {
    await handle.close();
    throw e;
  }
}

class NpySource implements Source {
  private next = 0;
  private readonly hash = createHash("sha256");

  constructor(
    readonly file: string,
    private readonly handle: FileHandle,
    private readonly layout: NpyLayout,
    private readonly samples: number,
    private readonly width: number,
    private readonly bytes: number,
  ) {}

  get position(): number {
    return this.next * this.width * this.bytes;
  }

  get size(): number {
    return this.samples * this.width * this.bytes;
  }

  async read(count: number): Promise<readonly Sample[]> {
    const { width, next, file } = this;
    const { dtype, data, shape } = await this.array(count);
    const rest = shape.slice(1);
    return Array.from({ length: shape[0] as number }, (_, k) => ({
      where: `${file}[${next + k}]`,
      value: new Tensor([1, ...rest], dtype, data.subarray(k * width, (k + 1) * width)),
    }));
  }

  async skip(count: number): Promise<void> {
    const end = Math.min(this.samples, this.next + count);
    const atOnce = Math.max(1, Math.floor(SKIPPED / Math.max(1, this.width * this.bytes)));
    while (this.next < end) await this.array(Math.min(atOnce, end - this.next));
  }

  digest(): string {
    return this.hash.copy().digest("hex");
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** The next samples: the bytes of a file that holds no others, read as any file. */
  private async array(count: number): Promise<Tensor> {
    const { layout, width, bytes, next } = this;
    const taken = Math.min(count, this.samples - next);
    const head = header(layout, taken);
    const part = Buffer.alloc(head.length + taken * width * bytes);
    part.set(head);
    // In Fortran order the samples lie side by side: one piece of the file for each number of a sample.
    const [pieces, length] = layout.isFortran ? [width, taken * bytes] : [1, taken * width * bytes];
    for (let k = 0; k < pieces && length > 0; k++) {
      const from = layout.isFortran ? (k * this.samples + next) * bytes : next * width * bytes;
      await this.fill(part, head.length + k * length, length, layout.start + from);
    }
    this.next += taken;
    const array = tensorFromNpy(part, this.file);
    const { buffer, byteOffset, byteLength } = array.data;
    this.hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    return array;
  }

  private async fill(to: Buffer, at: number, length: number, from: number): Promise<void> {
    for (let done = 0; done < length; ) {
      const { bytesRead } = await this.handle.read(to, at + done, length - done, from + done);
      if (bytesRead === 0) throw new FormatError(this.file, `${length} bytes at ${from}`, `${done}`);
      done += bytesRead;
    }
  }
}

/** The header of a file of the same kind with other samples. */
function header({ shape, dtype, littleEndian, isFortran }: NpyLayout, samples: number): Buffer {
  const kind = { f: "f", i: "i", u: "u", b: "b" }[dtype[0] as "f" | "i" | "u" | "b"];
  const descr = `${littleEndian ? "<" : ">"}${kind}${dtype === "bool" ? 1 : Number(/\d+$/.exec(dtype)?.[0]) / 8}`;
  const axes = [samples, ...shape.slice(1)].join(",");
  const text = `{'descr': '${descr}', 'fortran_order': ${isFortran ? "True" : "False"}, 'shape': (${axes},), }\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length & 255, text.length >> 8]);
  return Buffer.concat([start, Buffer.from(text, "latin1")]);
}

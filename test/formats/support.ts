/** Files to read, zip archives written byte by byte, and seeded damage. */
import { existsSync, readFileSync } from "node:fs";
import { type ModelParts, type ReadOptions, readModel } from "../../src/formats";
import { crc32 } from "../../src/formats/crc32";
import type { ModelSpec, WeightTensor } from "../../src/spec";

export function file(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, import.meta.url)));
}

const SHARED = new URL("../../../shared/models/", import.meta.url);

/** For `it.skipIf`: real models lie outside of the repository. Where their folder is, none of them may be missing. */
export const NO_SHARED_MODELS = !existsSync(SHARED);

export function sharedModel(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, SHARED)));
}

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** One member of an archive to be written, every field of which may lie. */
export interface Member {
  name: string;
  data: Uint8Array;
  method?: number;
  flags?: number;
  crc?: number;
  size?: number;
  packed?: number;
  header?: number;
}

/** Bytes, and little-endian numbers of so many bytes, one after another. */
export function bytesOf(...parts: (Uint8Array | readonly [value: number, bytes: number])[]): Uint8Array {
  const pieces = parts.map((part) => {
    if (part instanceof Uint8Array) return part;
    const [value, bytes] = part;
    return Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
  });
  return new Uint8Array(Buffer.concat(pieces));
}

/** A zip archive: local headers without lengths, as streaming writers leave them, then the directory. */
export function zip(
  members: readonly Member[],
  end: { count?: number; at?: number; comment?: string } = {},
): Uint8Array {
  let body: Uint8Array = new Uint8Array(0);
  let directory: Uint8Array = new Uint8Array(0);
  for (const { name, data, method = 0, flags = 0, ...lies } of members) {
    const header = lies.header ?? body.length;
    const raw = text(name);
    body = bytesOf(
      body,
      [0x04034b50, 4],
      [20, 2],
      [flags | 8, 2],
      [method, 2],
      [0, 16],
      [raw.length, 2],
      [0, 2],
      raw,
      data,
    );
    const sizes = [lies.crc ?? crc32(data), lies.packed ?? data.length, lies.size ?? data.length] as const;
    directory = bytesOf(
      directory,
      ...([
        [0x02014b50, 4],
        [20, 2],
        [20, 2],
        [flags, 2],
        [method, 2],
        [0, 4],
      ] as const),
      ...sizes.map((value) => [value, 4] as const),
      ...([
        [raw.length, 2],
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 4],
        [header, 4],
      ] as const),
      raw,
    );
  }
  const count = end.count ?? members.length;
  const comment = text(end.comment ?? "");
  return bytesOf(
    body,
    directory,
    ...([
      [0x06054b50, 4],
      [0, 2],
      [0, 2],
      [count, 2],
      [count, 2],
      [directory.length, 4],
    ] as const),
    [end.at ?? body.length, 4],
    [comment.length, 2],
    comment,
  );
}

/** Reads what is no ONNX graph. */
export async function readSpec(source: Uint8Array | ModelParts, options: ReadOptions = {}): Promise<ModelSpec> {
  const spec = await readModel(source, options);
  if (spec.format === "onnx") throw new Error("a Keras model was expected, not an ONNX graph");
  return spec;
}

/** The weights of a spec that holds a tree; fails for others. */
export function treeOf(spec: ModelSpec): Map<string, readonly WeightTensor[]> {
  if (spec.weights.kind !== "tree") throw new Error(`a tree was expected, not ${spec.weights.kind}`);
  return new Map(spec.weights.groups);
}

/** Numbers below `limit`, the same in every run (mulberry32). */
export function random(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** Numbers for a model's inputs: made here, typed, or from a file. */

import { type NestedArray, type Tensor, tensor, tensorFromNpy } from "recurra";
import { seeded } from "../numbers";
import type { Slot } from "./describe";

export type Filling = "waves" | "random" | "zeros";

/** The shape with every open axis filled: one sample, `timesteps` of the rest. */
export function concreteShape(slot: Slot, timesteps: number): number[] {
  return slot.shape.map((d, axis) => (typeof d === "number" ? d : axis === 0 ? 1 : timesteps));
}

export function filled(slot: Slot, timesteps: number, filling: Filling, seed: number): Tensor {
  const shape = concreteShape(slot, timesteps);
  const size = shape.reduce((product, d) => product * d, 1);
  const width = shape.length > 1 ? (shape.at(-1) as number) : 1;
  const random = seeded(seed);
  if (slot.ids !== null) {
    const id = (k: number) =>
      filling === "zeros"
        ? 0
        : filling === "waves"
          ? k % (slot.ids as number)
          : Math.floor(random() * (slot.ids as number));
    return tensor(
      Int32Array.from({ length: size }, (_, k) => id(k)),
      shape,
    );
  }
  const value = (k: number) => {
    if (filling === "zeros") return 0;
    if (filling === "random") return 2 * random() - 1;
    const [t, feature] = [Math.floor(k / width), k % width];
    return Math.sin((2 * Math.PI * t * (1 + (feature % 5))) / Math.max(8, timesteps) + feature);
  };
  return tensor(
    Float32Array.from({ length: size }, (_, k) => value(k)),
    shape,
  );
}

/** Nested arrays as somebody typed them, or comma-separated rows. */
export function parsed(text: string, slot: Slot): Tensor {
  const trimmed = text.trim();
  const values = trimmed.startsWith("[") ? (JSON.parse(trimmed) as NestedArray) : rows(trimmed);
  return fitted(tensor(values), slot);
}

function rows(text: string): NestedArray {
  const lines = text.split(/\r?\n/).filter((line) => /\d/.test(line));
  const numbers = lines.map((line) =>
    line
      .split(/[,;\s]+/)
      .filter(Boolean)
      .map(Number),
  );
  const head = numbers[0]?.some(Number.isNaN) ? 1 : 0; // a line of names
  return numbers.slice(head);
}

/** `.npy`, `.json` or `.csv`. */
export async function fromFile(file: File, slot: Slot): Promise<Tensor> {
  if (!/\.npy$/i.test(file.name)) return parsed(await file.text(), slot);
  return fitted(tensorFromNpy(new Uint8Array(await file.arrayBuffer()), file.name), slot);
}

/** A single sample may come without its batch axis; ids come as whole numbers. */
function fitted({ shape, data, dtype }: Tensor, slot: Slot): Tensor {
  const full = shape.length === slot.shape.length - 1 ? [1, ...shape] : shape;
  return tensor(slot.ids !== null && dtype === "float32" ? Int32Array.from(data) : data, full);
}

/** Few enough to edit: rounded, one timestep a line. */
export function asText(t: Tensor): string {
  const round = (value: NestedArray): NestedArray =>
    Array.isArray(value) ? value.map(round) : Number(Number(value).toFixed(4));
  const sample = round((t.toArray() as NestedArray[])[0] ?? []);
  if (!Array.isArray(sample) || !Array.isArray(sample[0])) return JSON.stringify(sample);
  return `[${sample.map((row) => JSON.stringify(row)).join(",\n ")}]`;
}

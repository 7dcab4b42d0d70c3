/** State dicts as safetensors files, written byte by byte. */
import { bytesOf, text } from "../formats/support";

export interface Plain {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[] | Float32Array;
}

/** The bytes of a file that holds these tensors as float32. */
export function safetensors(tensors: Readonly<Record<string, Plain>>): Uint8Array {
  const header: Record<string, object> = {};
  const arrays: Uint8Array[] = [];
  let at = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const bytes = new Uint8Array(Float32Array.from(data, Number).buffer);
    header[name] = { dtype: "F32", shape, data_offsets: [at, at + bytes.length] };
    arrays.push(bytes);
    at += bytes.length;
  }
  const json = text(JSON.stringify(header));
  return bytesOf([json.length, 8], json, ...arrays);
}

/** A tensor of these sizes, all of one value. */
export function filled(shape: readonly number[], value = 0.5): Plain {
  return { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value) };
}

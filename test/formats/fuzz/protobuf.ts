/** Seeded damage to protobuf messages whose lengths stay right: fields gone, doubled, exchanged, numbers that lie. */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { damaged, type Next, oneOf } from "./bytes";

/** A field as it lies in the file: a message inside is a list of fields. */
interface Field {
  readonly number: number;
  readonly wire: WireType;
  readonly value: bigint | Uint8Array | Field[];
}

/** The fields of a message; undefined when the bytes are none. */
export function fieldsOf(bytes: Uint8Array): Field[] | undefined {
  const reader = new BinaryReader(bytes);
  const fields: Field[] = [];
  try {
    while (reader.pos < reader.len) {
      const [number, wire] = reader.tag();
      if (wire === WireType.Varint) fields.push({ number, wire, value: BigInt(reader.int64()) });
      else if (wire === WireType.LengthDelimited) {
        const inner = reader.bytes();
        fields.push({ number, wire, value: (inner.length > 1 && fieldsOf(inner)) || inner });
      } else fields.push({ number, wire, value: reader.skip(wire, number) });
    }
  } catch {
    return undefined;
  }
  return fields;
}

function bytesOf(fields: readonly Field[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const { number, wire, value } of fields) {
    writer.tag(number, wire);
    if (typeof value === "bigint") writer.int64(value);
    else if (value instanceof Uint8Array) wire === WireType.LengthDelimited ? writer.bytes(value) : writer.raw(value);
    else writer.bytes(bytesOf(value));
  }
  return writer.finish();
}

const NUMBERS = [0n, 1n, -1n, 2n, 7n, 100n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
const TEXTS = ["", "../../../etc/passwd", "/etc/passwd", "constructor", "If", "Loop", "x", "\0"];

/** All lists of fields inside, the outermost first. */
function listsIn(fields: Field[]): Field[][] {
  return [fields, ...fields.flatMap(({ value }) => (Array.isArray(value) && value.length > 0 ? listsIn(value) : []))];
}

/** A message in which one field is not what it was. */
export function damagedMessage(fields: readonly Field[], next: Next): Uint8Array {
  const copy = structuredClone(fields) as Field[];
  const lists = listsIn(copy);
  for (let changes = 1 + next(2); changes > 0; changes--) {
    const list = oneOf(lists, next);
    if (list.length > 0) change(list, next(list.length), lists, next);
  }
  return bytesOf(copy);
}

function change(list: Field[], at: number, lists: readonly Field[][], next: Next): void {
  const field = list[at] as Field;
  const alike = lists.flat().filter((other) => other.number === field.number && other.wire === field.wire);
  switch (next(5)) {
    case 0:
      list.splice(at, 1);
      return;
    case 1:
      list.splice(next(list.length), 0, structuredClone(field));
      return;
    case 2: // of the same kind: names of other values make circles and duplicates, graphs come to stand in graphs
      list[at] = { ...field, value: structuredClone(oneOf(alike, next).value) };
      return;
    case 3:
      list[at] = structuredClone(oneOf(lists.flat(), next));
      return;
    default:
      list[at] = { ...field, value: otherValue(field, next) };
  }
}

function otherValue({ value }: Field, next: Next): Field["value"] {
  if (typeof value === "bigint") return oneOf(NUMBERS, next);
  if (Array.isArray(value)) return next(2) === 0 ? [] : damaged(bytesOf(value), next);
  return next(2) === 0 ? new TextEncoder().encode(oneOf(TEXTS, next)) : damaged(value, next);
}

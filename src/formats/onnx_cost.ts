/** What an ONNX file will cost once it is objects, counted before any is made: two bytes can ask for hundreds. */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import type { Allowance } from "./limits";

/** Messages and the fields of theirs that hold messages; see generated/onnx.proto. */
const MESSAGES = {
  model: { 7: "graph", 8: "leaf" },
  graph: { 1: "node", 5: "leaf", 11: "value", 12: "value", 15: "leaf" },
  node: { 5: "attribute" },
  attribute: { 5: "leaf", 6: "graph" },
  value: { 2: "type" },
  type: { 1: "tensorType" },
  tensorType: { 2: "shape" },
  shape: { 1: "leaf" },
  leaf: {},
} as const satisfies Record<string, Record<number, string>>;
type Message = keyof typeof MESSAGES;

/** Bytes of memory, roughly: of a message, of a field, and of one packed number (a bigint and its place in a list). */
const [MESSAGE, FIELD, NUMBER] = [512, 64, 32];
/** Fields of a tensor that hold packed numbers: everything but dims, name and raw_data. */
const PACKED = [4, 5, 7, 10, 11];

/** @throws {LimitError} when the objects would pass the limit on bytes, or nest too deeply. */
export function spendMessages(bytes: Uint8Array, where: string, allowance: Allowance): void {
  walk("model", new BinaryReader(bytes), bytes.length, 1);

  function walk(message: Message, reader: BinaryReader, end: number, depth: number): void {
    allowance.nest(where, depth);
    allowance.spendBytes(where, MESSAGE);
    const nested: Record<number, Message> = MESSAGES[message];
    while (reader.pos < end) {
      const [field, wire] = reader.tag();
      if (wire !== WireType.LengthDelimited) {
        reader.skip(wire, field);
        allowance.spendBytes(where, FIELD);
        continue;
      }
      const length = reader.uint32();
      const inner = nested[field];
      if (inner) walk(inner, reader, reader.pos + length, depth + 1);
      else {
        reader.pos += length;
        const packed = message === "leaf" && PACKED.includes(field);
        allowance.spendBytes(where, FIELD + (packed ? length * NUMBER : 0));
      }
    }
  }
}

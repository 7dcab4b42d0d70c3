/** Protobuf messages → plain objects, by a table of fields; what they cost is counted before they are made. */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { FormatError } from "../errors";
import type { Allowance } from "./limits";
import type { Field } from "./onnx_messages";

export type Fields = Readonly<Record<string, Readonly<Record<number, Field>>>>;
type Plain = Record<string, unknown>;

/** Bytes of memory, roughly: of a message and of a value in a list. Two bytes of a file can ask for a message. */
const [MESSAGE, VALUE] = [512, 16];

const READ: Readonly<Record<string, (reader: BinaryReader) => unknown>> = {
  int32: (reader) => reader.int32(),
  int64: (reader) => Number(reader.int64()),
  uint64: (reader) => Number(reader.uint64()),
  float: (reader) => reader.float(),
  double: (reader) => reader.double(),
  string: (reader) => reader.string(),
  bytes: (reader) => reader.bytes(),
};
const TEXTS = ["string", "bytes"];

/**
 * Reads a message of kind `message`. Numbers that are not written are 0, texts and lists empty, as in proto3.
 * Integers of 64 bits become doubles.
 *
 * @throws {FormatError} when a message is longer than the one around it. @throws {LimitError}
 * @throws {Error} of the library when the bytes are no protobuf.
 */
export function readMessage(message: string, bytes: Uint8Array, fields: Fields, where: string, allowance: Allowance) {
  const reader = new BinaryReader(bytes);
  return read(message, bytes.length, 1);

  function read(kind: string, end: number, depth: number): Plain {
    allowance.nest(where, depth);
    allowance.spendBytes(where, MESSAGE);
    const known = fields[kind]!;
    const plain: Plain = {};
    for (const [name, type, label] of Object.values(known)) {
      if (label !== "optional") plain[name] = label === "list" ? [] : emptyOf(type);
    }
    while (reader.pos < end) {
      const [number, wire] = reader.tag();
      const field = known[number];
      if (field) readField(plain, field, wire, end, depth);
      else reader.skip(wire, number);
    }
    if (reader.pos !== end) throw new FormatError(where, "messages that end inside of one another", `a longer ${kind}`);
    return plain;
  }

  function readField(plain: Plain, [name, type, label]: Field, wire: WireType, end: number, depth: number): void {
    const scalar = READ[type];
    const put = (value: unknown): void => {
      allowance.spendBytes(where, VALUE);
      if (label === "list") (plain[name] as unknown[]).push(value);
      else plain[name] = value;
    };
    if (wire !== WireType.LengthDelimited || TEXTS.includes(type)) {
      if (!scalar) throw new FormatError(where, `a message at ${name}`, "a number");
      put(scalar(reader));
      return;
    }
    const stop = reader.uint32() + reader.pos;
    if (stop > end) throw new FormatError(where, "messages that end inside of one another", `a longer ${name}`);
    if (!scalar) put(read(type, stop, depth + 1));
    else while (reader.pos < stop) put(scalar(reader));
  }
}

function emptyOf(type: string): unknown {
  if (type === "bytes") return new Uint8Array(0);
  return type === "string" ? "" : 0;
}

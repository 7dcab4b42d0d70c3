/** Zip archives: the central directory is believed, checked against the bytes, and unpacked member by member. */
import { FormatError, UnsupportedError } from "../errors";
import { crc32 } from "./crc32";
import { unpacker } from "./inflate";
import type { Allowance } from "./limits";
import { staysInFolder } from "./paths";

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;

interface Member {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Of the local header, and of the first byte of data. */
  readonly header: number;
  readonly data: number;
}

export interface Archive {
  readonly names: readonly string[];
  /** A member's bytes, checked against its declared length and CRC-32; undefined when there is none of that name. */
  read(name: string): Promise<Uint8Array | undefined>;
}

/**
 * Opens an archive of stored and deflated members (zip64 too). Nothing is unpacked yet.
 *
 * @throws {FormatError} when the directory is damaged, lies about lengths, repeats a name or leaves its folder.
 * @throws {UnsupportedError} for encryption and other compression methods.
 */
export function openZip(bytes: Uint8Array, where: string, allowance: Allowance): Archive {
  const members = new Map<string, Member>();
  for (const member of directory(bytes, where)) {
    if (members.has(member.name)) throw new FormatError(`${where}, ${member.name}`, "one member of this name", "two");
    members.set(member.name, member);
  }
  refuseOverlap([...members.values()], where);
  return {
    names: [...members.keys()],
    async read(name) {
      const member = members.get(name);
      return member && unpack(bytes, member, `${where}, ${name}`, allowance);
    },
  };
}

async function unpack(bytes: Uint8Array, member: Member, where: string, allowance: Allowance): Promise<Uint8Array> {
  allowance.spendBytes(where, member.size);
  const packed = bytes.subarray(member.data, member.data + member.packed);
  const out = member.method === 0 ? packed : (await unpacker("deflate"))(packed, member.size, where);
  if (out.length !== member.size) {
    throw new FormatError(where, `${member.size} bytes unpacked, as declared`, String(out.length));
  }
  const sum = crc32(out);
  if (sum !== member.crc) throw new FormatError(where, `CRC-32 ${member.crc.toString(16)}`, sum.toString(16));
  return out;
}

function* directory(bytes: Uint8Array, where: string): Generator<Member> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { at: start, count, end } = locateDirectory(view, where);
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY) {
      throw new FormatError(where, `${count} entries in the zip directory`, `${i} and then other bytes`);
    }
    const [nameBytes, extraBytes] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
    const next = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (next > end) throw new FormatError(where, "a directory entry inside the zip directory", "a longer one");
    const name = memberName(bytes.subarray(at + 46, at + 46 + nameBytes), where);
    if (!name.endsWith("/")) yield entry(view, at, name, start, `${where}, ${name}`);
    at = next;
  }
}

/** Where the directory lies and how many entries it says it has. */
function locateDirectory(view: DataView, where: string): { at: number; count: number; end: number } {
  const last = view.byteLength - END_BYTES;
  let end = last;
  while (end >= Math.max(0, last - 0xffff) && !(view.getUint32(end, true) === END && endsFile(view, end))) end--;
  if (end < Math.max(0, last - 0xffff)) {
    throw new FormatError(where, "the end record of a zip archive", "none, the file is cut short or damaged");
  }
  let [count, size, at, limit] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
    end,
  ];
  if (end >= 20 && view.getUint32(end - 20, true) === LOCATOR_64) {
    limit = Number(view.getBigUint64(end - 12, true));
    if (limit + 56 > end - 20 || view.getUint32(limit, true) !== END_64) {
      throw new FormatError(where, "a zip64 end record", "other bytes");
    }
    [count, size, at] = [32, 40, 48].map((o) => Number(view.getBigUint64(limit + o, true))) as [number, number, number];
  }
  if (at + size > limit || count * 46 > size) {
    throw new FormatError(where, "a zip directory inside the file", `${count} entries in ${size} bytes at ${at}`);
  }
  return { at, count, end: at + size };
}

/** The comment after the end record must end where the file ends. */
function endsFile(view: DataView, end: number): boolean {
  return end + END_BYTES + view.getUint16(end + 20, true) === view.byteLength;
}

/** Windows writers left backslashes. @throws {FormatError} for a name that leaves the archive's folder. */
function memberName(raw: Uint8Array, where: string): string {
  const name = new TextDecoder().decode(raw).replaceAll("\\", "/");
  if (!staysInFolder(name)) {
    throw new FormatError(where, "member names inside the archive", JSON.stringify(name));
  }
  return name;
}

function entry(view: DataView, at: number, name: string, directoryAt: number, where: string): Member {
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  if (flags & 1) throw new UnsupportedError(where, "a member without encryption", "an encrypted one");
  if (method !== 0 && method !== 8) {
    throw new UnsupportedError(where, "a stored or deflated member", `compression method ${method}`);
  }
  const { packed, size, header } = sizes(view, at, where);
  if (header + 30 > directoryAt || view.getUint32(header, true) !== LOCAL) {
    throw new FormatError(where, "a member at its place in the archive", `other bytes at ${header}`);
  }
  const data = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
  if (data + packed > directoryAt || (method === 0 && packed !== size)) {
    throw new FormatError(where, `${packed} packed and ${size} unpacked bytes`, `${directoryAt - data} in the file`);
  }
  return { name, method, crc: view.getUint32(at + 16, true), packed, size, header, data };
}

/** Lengths and place of a member; those that do not fit 32 bits stand in the zip64 field, in this order. */
function sizes(view: DataView, at: number, where: string): { packed: number; size: number; header: number } {
  let field = at + 46 + view.getUint16(at + 28, true);
  const end = field + view.getUint16(at + 30, true);
  while (field + 4 <= end && view.getUint16(field, true) !== 1) field += 4 + view.getUint16(field + 2, true);
  field += 4;
  const [size, packed, header] = [24, 20, 42].map((offset) => {
    const value = view.getUint32(at + offset, true);
    if (value !== 0xffffffff) return value;
    if (field + 8 > end) throw new FormatError(where, "a zip64 length", "none");
    field += 8;
    return Number(view.getBigUint64(field - 8, true));
  }) as [number, number, number];
  return { packed, size, header };
}

/** Members that share bytes are how small archives unpack to huge ones. */
function refuseOverlap(members: Member[], where: string): void {
  members.sort((a, b) => a.header - b.header);
  members.forEach((member, i) => {
    const next = members[i + 1];
    if (next && member.data + member.packed > next.header) {
      throw new FormatError(`${where}, ${member.name}`, "members that do not overlap", `overlap with ${next.name}`);
    }
  });
}

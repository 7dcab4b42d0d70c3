/**
 * A small HDF5 file: groups of groups and of float32 arrays, as any HDF5 library reads it.
 *
 * Superblock version 0; groups as symbol tables (a B-tree of one level over nodes of entries, names in a local heap);
 * arrays contiguous, little-endian. Source: The HDF Group, HDF5 File Format Specification 3.0, sections II to IV.
 */

/** An array of a file. */
export interface StoredArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A group: its members by name. */
export interface StoredGroup {
  readonly [name: string]: StoredGroup | StoredArray;
}

const UNDEFINED = 0xffffffffffffffffn;
/** Entries of the B-tree's one node: twice this. */
const TREE_K = 16;
const ENTRY = 40;

/** Where a member lies, and for a group where its tree and its names do. */
interface Written {
  readonly header: number;
  readonly tree?: number;
  readonly heap?: number;
}

/** The bytes of a file with this group as its root. */
export function writeHdf5(root: StoredGroup): Uint8Array<ArrayBuffer> {
  const file = new File(nodeK(root));
  const { header, tree, heap } = file.group(root);
  return file.finish(header, tree as number, heap as number);
}

/** Half the entries of a node, so that the largest group fits the one node of its tree. */
function nodeK(group: StoredGroup): number {
  const members = Object.values(group);
  const own = Math.max(4, Math.ceil(members.length / (4 * TREE_K)));
  return Math.max(own, ...members.map((member) => (isArray(member) ? 0 : nodeK(member))));
}

function isArray(member: StoredGroup | StoredArray): member is StoredArray {
  return ArrayBuffer.isView((member as { data?: unknown }).data);
}

/** Names in the order of their bytes, which is how the format sorts. */
function byBytes([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

class File {
  private readonly chunks: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  private end = 96; // behind the superblock

  constructor(private readonly leafK: number) {}

  /** Appends bytes on a multiple of 8 and tells where. */
  private put(bytes: Uint8Array): number {
    const at = this.end;
    this.chunks.push({ at, bytes });
    this.end = (at + bytes.length + 7) & ~7;
    return at;
  }

  group(group: StoredGroup): Written {
    const members = Object.entries(group).sort(byBytes);
    const written = members.map(([, member]) => (isArray(member) ? this.array(member) : this.group(member)));
    const names = new Names(members.map(([name]) => name));
    const heap = this.heap(names);
    const tree = this.tree(written, names);
    const header = this.header([[0x11, new Fields().u64(tree).u64(heap)]]);
    return { header, tree, heap };
  }

  private heap(names: Names): number {
    const data = this.put(names.bytes);
    // 1 means: no free space in the heap.
    return this.put(new Fields().text("HEAP").u32(0).u64(names.bytes.length).u64(1).u64(data).done());
  }

  private tree(written: readonly Written[], names: Names): number {
    const size = 2 * this.leafK;
    const count = Math.max(1, Math.ceil(written.length / size));
    const tree = new Fields().text("TREE").u8(0).u8(0).u16(count).big(UNDEFINED).big(UNDEFINED).u64(0);
    for (let k = 0; k < count; k++) {
      const last = Math.min(written.length, (k + 1) * size) - 1;
      tree.u64(this.node(written, names, k * size)).u64(names.offsets[last] ?? 0);
    }
    return this.put(tree.done(24 + (4 * TREE_K + 1) * 8));
  }

  private node(written: readonly Written[], names: Names, from: number): number {
    const size = 2 * this.leafK;
    const part = written.slice(from, from + size);
    const node = new Fields().text("SNOD").u8(1).u8(0).u16(part.length);
    part.forEach((member, k) => {
      entry(node, names.offsets[from + k] as number, member);
    });
    return this.put(node.done(8 + size * ENTRY));
  }

  private array({ shape, data }: StoredArray): Written {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const at = bytes.length > 0 ? BigInt(this.put(bytes)) : UNDEFINED;
    const space = new Fields().u8(1).u8(shape.length).u16(0).u32(0);
    for (const d of shape) space.u64(d);
    // IEEE 754, little-endian: sign at bit 31, 8 bits of exponent from bit 23, 23 of mantissa, bias 127.
    const type = new Fields().u8(0x11).u8(0x20).u8(31).u8(0).u32(4);
    type.u16(0).u16(32).u8(23).u8(8).u8(0).u8(23).u32(127);
    const fill = new Fields().u8(2).u8(2).u8(2).u8(0);
    const layout = new Fields().u8(3).u8(1).big(at).u64(bytes.length);
    return {
      header: this.header([
        [1, space],
        [3, type],
        [5, fill],
        [8, layout],
      ]),
    };
  }

  private header(messages: readonly (readonly [type: number, fields: Fields])[]): number {
    const bodies = messages.map(([type, fields]) => [type, fields.padded()] as const);
    const size = bodies.reduce((sum, [, body]) => sum + 8 + body.length, 0);
    const header = new Fields().u8(1).u8(0).u16(messages.length).u32(1).u32(size).u32(0);
    for (const [type, body] of bodies) header.u16(type).u16(body.length).u32(0).raw(body);
    return this.put(header.done());
  }

  finish(header: number, tree: number, heap: number): Uint8Array<ArrayBuffer> {
    const start = new Fields().raw(Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a));
    start.u32(0).u8(0).u8(8).u8(8).u8(0).u16(this.leafK).u16(TREE_K).u32(0);
    start.u64(0).big(UNDEFINED).u64(this.end).big(UNDEFINED);
    entry(start, 0, { header, tree, heap });
    const file = new Uint8Array(this.end);
    file.set(start.done());
    for (const { at, bytes } of this.chunks) file.set(bytes, at);
    return file;
  }
}

/** An entry of a symbol table; it repeats a group's tree and heap. */
function entry(fields: Fields, name: number, { header, tree, heap }: Written): void {
  fields.u64(name).u64(header);
  fields.u32(tree === undefined ? 0 : 1).u32(0);
  fields.u64(tree ?? 0).u64(heap ?? 0);
}

/** Names one after another, each on a multiple of 8, behind an empty one. */
class Names {
  readonly offsets: readonly number[];
  readonly bytes: Uint8Array;

  constructor(names: readonly string[]) {
    const encoder = new TextEncoder();
    const fields = new Fields().u64(0);
    this.offsets = names.map((name) => {
      const at = fields.length;
      fields.raw(encoder.encode(`${name}\0`)).align();
      return at;
    });
    this.bytes = fields.done();
  }
}

/** Little-endian numbers, one after another. */
class Fields {
  private readonly bytes: number[] = [];

  get length(): number {
    return this.bytes.length;
  }
  private put(value: bigint, size: number): this {
    for (let k = 0; k < size; k++) this.bytes.push(Number((value >> BigInt(8 * k)) & 255n));
    return this;
  }
  u8(value: number): this {
    return this.put(BigInt(value), 1);
  }
  u16(value: number): this {
    return this.put(BigInt(value), 2);
  }
  u32(value: number): this {
    return this.put(BigInt(value), 4);
  }
  u64(value: number): this {
    return this.put(BigInt(value), 8);
  }
  big(value: bigint): this {
    return this.put(value, 8);
  }
  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }
  text(text: string): this {
    return this.raw(new TextEncoder().encode(text));
  }
  align(): this {
    while (this.bytes.length % 8 !== 0) this.bytes.push(0);
    return this;
  }
  /** All of it, filled up to a multiple of 8. */
  padded(): Uint8Array {
    return this.align().done();
  }
  /** All of it, filled up to `size`. */
  done(size = this.bytes.length): Uint8Array {
    const all = new Uint8Array(size);
    all.set(this.bytes);
    return all;
  }
}

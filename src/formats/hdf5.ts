/** The one door to jsfive: an HDF5 file as groups, attributes and float32 arrays. */
import type { AttributeValue, Dataset, Group } from "jsfive";
import { FormatError, UnsupportedError } from "../errors";
import type { WeightTensor } from "../spec";
import { readDataset } from "./hdf5_dataset";
import { GuardedBuffer, guarded } from "./hdf5_guard";
import type { Allowance } from "./limits";

/** What the objects of one open file share. */
export interface Hdf5File {
  readonly name: string;
  readonly bytes: GuardedBuffer;
  readonly allowance: Allowance;
  readonly jsfive: typeof import("jsfive");
}

/** Message types of an object header that mean "attributes elsewhere" (dense storage), which jsfive does not read. */
const ATTRIBUTE_INFO = 0x15;

/**
 * Opens an HDF5 file; jsfive is loaded at the first call.
 *
 * @throws {FormatError} when the bytes are damaged; reading on from the group returned may throw it too.
 * @throws {LimitError} when the structures refer to each other without end.
 */
export async function openHdf5(bytes: Uint8Array, name: string, allowance: Allowance): Promise<Hdf5Group> {
  const jsfive = await import("jsfive");
  const file: Hdf5File = { name, bytes: GuardedBuffer.of(bytes), allowance, jsfive };
  return new Hdf5Group(
    file,
    guarded(name, () => new jsfive.File(file.bytes)),
    "",
    0,
  );
}

export class Hdf5Group {
  private attributeCache: Record<string, AttributeValue> | undefined;

  constructor(
    private readonly file: Hdf5File,
    private readonly group: Group,
    /** From the root, without a leading slash; the root's is empty. */
    readonly path: string,
    private readonly depth: number,
  ) {
    file.allowance.nest(this.where, depth);
  }

  /** `file, path` for messages. */
  get where(): string {
    return this.path === "" ? this.file.name : `${this.file.name}, ${this.path}`;
  }

  /** Names of the groups and datasets in this group. */
  get children(): string[] {
    return Object.keys(this.group._links);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.group._links, name);
  }

  /** The group or dataset of this name; undefined when there is none. @throws {UnsupportedError} for a soft link. */
  child(name: string): Hdf5Group | Hdf5Array | undefined {
    if (!this.has(name)) return undefined;
    const path = this.path === "" ? name : `${this.path}/${name}`;
    const where = `${this.file.name}, ${path}`;
    if (typeof this.group._links[name] === "string") throw new UnsupportedError(where, "a hard link", "a soft link");
    // jsfive takes these apart, and would come back to where it is.
    if (name === "" || name === "." || name.includes("/")) throw new FormatError(where, "a name", JSON.stringify(name));
    const found = guarded(where, () => this.group.get(name));
    if (found instanceof this.file.jsfive.Dataset) return new Hdf5Array(this.file, found, path);
    if (found instanceof this.file.jsfive.Group) return new Hdf5Group(this.file, found, path, this.depth + 1);
    throw new FormatError(where, "a group or a dataset", "neither");
  }

  /** The same along a path of names. */
  find(path: string): Hdf5Group | Hdf5Array | undefined {
    const names = path.split("/").filter((name) => name !== "");
    let found: Hdf5Group | Hdf5Array | undefined = this;
    for (const name of names) found = found instanceof Hdf5Group ? found.child(name) : undefined;
    return found;
  }

  /** A text attribute without its padding; undefined when absent or no text. */
  text(name: string): string | undefined {
    const value = this.attribute(name);
    return typeof value === "string" ? unpad(value) : undefined;
  }

  /** A list of texts, also when it was too large for one attribute and went into `name0`, `name1`, … */
  texts(name: string): string[] | undefined {
    const whole = this.attribute(name);
    if (whole !== undefined) return this.textList(name, whole);
    const parts: string[] = [];
    for (let i = 0; ; i++) {
      const part = this.attribute(`${name}${i}`);
      if (part === undefined) return i === 0 ? undefined : parts;
      for (const text of this.textList(name, part)) parts.push(text);
    }
  }

  private textList(name: string, value: AttributeValue): string[] {
    // An empty list has no type to tell: h5py writes it as an empty list of numbers.
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.map(unpad);
    throw new FormatError(`${this.where}, attribute ${name}`, "a list of names", typeof value);
  }

  private attribute(name: string): AttributeValue | undefined {
    this.attributeCache ??= guarded(this.where, () => {
      if (this.group._dataobjects.find_msg_type(ATTRIBUTE_INFO).length > 0) this.refuseDenseAttributes();
      return this.group.attrs;
    });
    return Object.hasOwn(this.attributeCache, name) ? this.attributeCache[name] : undefined;
  }

  /** The message is also there when it refers to nothing: its heap address is then all ones. */
  private refuseDenseAttributes(): void {
    const at = this.group._dataobjects.find_msg_type(ATTRIBUTE_INFO)[0]!.get("offset_to_message");
    const view = new DataView(this.file.bytes);
    const heap = at + 2 + (view.getUint8(at + 1) & 1 ? 2 : 0);
    if (view.getBigUint64(heap, true) === 0xffff_ffff_ffff_ffffn) return;
    throw new UnsupportedError(this.where, "attributes in the object header", "dense attribute storage");
  }
}

/** A dataset, not read yet. */
export class Hdf5Array {
  constructor(
    private readonly file: Hdf5File,
    private readonly dataset: Dataset,
    readonly path: string,
  ) {}

  /**
   * The numbers as float32.
   *
   * @throws {UnsupportedError} when they are none. @throws {FormatError} when bytes are missing. @throws {LimitError}
   */
  read(): Promise<WeightTensor> {
    return readDataset(this.file, this.dataset, `${this.file.name}, ${this.path}`);
  }
}

/** Fixed-length texts are padded with NUL. */
function unpad(text: string): string {
  return text.replace(/\0+$/, "");
}

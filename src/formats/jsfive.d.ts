/** The part of jsfive 0.4.2 that `hdf5.ts` uses; the package has no types. Names with `_` are its own inner ones. */
declare module "jsfive" {
  /** Attribute values; null for a type it does not know. */
  export type AttributeValue = null | string | number | unknown[];

  interface HeaderMessage {
    get(key: "type" | "size" | "offset_to_message"): number;
  }

  interface DataObjects {
    find_msg_type(type: number): HeaderMessage[];
    readonly chunks: number[] | null;
    readonly filter_pipeline: Map<string, unknown>[] | null;
  }

  export class Group {
    /** Link name → address of a hard link, or path of a soft one. */
    readonly _links: Record<string, number | string>;
    readonly _dataobjects: DataObjects;
    readonly attrs: Record<string, AttributeValue>;
    get(name: string): Group | Dataset | null;
  }

  export class File extends Group {
    constructor(bytes: ArrayBuffer, name?: string);
  }

  export class Dataset {
    readonly _dataobjects: DataObjects;
    readonly attrs: Record<string, AttributeValue>;
    readonly shape: number[];
    /** `<f4`, `>i8`, `S12`, or a list for what is no number. */
    readonly dtype: string | unknown[];
    readonly value: unknown[];
  }

  export const Filters: Map<number, (chunk: ArrayBuffer, width: number) => ArrayBuffer>;
}

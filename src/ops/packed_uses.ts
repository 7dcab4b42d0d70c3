/** The packed weights that a plan uses. */

import { type Engine, GIVEN, type Packed, type Versioned } from "../wasm/engine";

interface Use {
  readonly source: Versioned;
  readonly packed: Packed;
  readonly fill: (ptr: number) => void;
  /** Where the packed copy lay when descriptors were last written. */
  ptr: number;
}

export class PackedUses {
  private readonly all: Use[] = [];
  /** Counts the moves of packed copies: descriptors hold their addresses. */
  epoch = 0;

  constructor(private readonly engine: Engine) {}

  add(owner: object, key: string, bytes: number, fill: (ptr: number) => void, source: Versioned): Packed {
    const packed = this.engine.packedFor(owner, key, bytes);
    this.all.push({ source, packed, fill, ptr: -1 });
    return packed;
  }

  /** Packs weights that have changed, and notes packed copies that have moved. */
  refresh(): void {
    for (let k = 0; k < this.all.length; k++) {
      const use = this.all[k] as Use;
      const { source, packed } = use;
      if (packed.version === GIVEN) packed.version = source.version;
      if (packed.version !== source.version) {
        this.engine.ensure(packed);
        use.fill(packed.ptr);
        packed.version = source.version;
      }
      if (packed.ptr === use.ptr) continue;
      use.ptr = packed.ptr;
      this.epoch++;
    }
  }
}

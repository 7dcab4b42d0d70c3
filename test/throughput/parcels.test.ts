import { expect, it, vi } from "vitest";
import { MemoryLimitError } from "../../src/errors";
import { Tensor } from "../../src/tensor";
import { Parcels } from "../../src/throughput/parcels";
import { newEngine } from "../../src/wasm/engine";
import { randomTensor } from "../support";

const LARGE = new Tensor([4, 3 << 20], "float32", new Float32Array(12 << 20).fill(3)); // 48 MB of at most 64

it("copies the samples asked for, of every type, into the memory of the kernels, and gives it back", () => {
  const { arena } = newEngine();
  const parcels = new Parcels(arena);
  const before = arena.liveBytes;
  const bools = new Tensor(
    [5, 3],
    "bool",
    Uint8Array.from({ length: 15 }, (_, k) => k % 2),
  );
  const ids = new Tensor(
    [5],
    "int32",
    Int32Array.from({ length: 5 }, (_, k) => k),
  );
  const numbers = randomTensor([5, 2, 2], 1);
  const parcel = parcels.pack([numbers, ids, bools], 1, 3);
  const other = parcels.pack([numbers, ids, bools], 3, 5);
  expect(parcel.tensors).toEqual([
    { shape: [2, 2, 2], dtype: "float32", data: numbers.data.slice(4, 12) },
    { shape: [2], dtype: "int32", data: Int32Array.of(1, 2) },
    { shape: [2, 3], dtype: "bool", data: bools.data.slice(3, 9) },
  ]);
  expect(other.tensors[1]?.data).toEqual(Int32Array.of(3, 4));
  for (const { data } of parcel.tensors) expect(data.buffer).toBe(arena.memory.buffer);
  parcel.free();
  parcel.free();
  other.free();
  expect(arena.liveBytes).toBe(before);
});

it("takes other memory for what would make that of the kernels too large", () => {
  const { arena } = newEngine();
  const parcels = new Parcels(arena);
  const isInside = (parcel: ReturnType<Parcels["pack"]>) => parcel.tensors[0]?.data.buffer === arena.memory.buffer;
  const first = parcels.pack([LARGE], 0, 4);
  const second = parcels.pack([LARGE], 0, 4);
  const third = parcels.pack([LARGE], 1, 2);
  expect([second, third].map(isInside)).toEqual([false, true]);
  expect(second.tensors[0]?.data[5]).toBe(3);
  first.free();
  second.free();
  expect(isInside(parcels.pack([LARGE], 0, 3))).toBe(true);
});

it("keeps no memory when there is too little for all inputs", () => {
  const { arena } = newEngine();
  const before = arena.liveBytes;
  const reserve = arena.reserve.bind(arena);
  vi.spyOn(arena, "reserve")
    .mockImplementationOnce(reserve)
    .mockImplementationOnce(() => {
      throw new MemoryLimitError("memory", "12 bytes", "none");
    });
  expect(() => new Parcels(arena).pack([randomTensor([3, 2], 1), randomTensor([3], 2)], 0, 3)).toThrow(
    MemoryLimitError,
  );
  expect(arena.liveBytes).toBe(before);
});

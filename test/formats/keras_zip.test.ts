import { readdirSync } from "node:fs";
import { unzipSync, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { file, NO_SHARED_MODELS, random, readSpec, sharedModel, text, treeOf, zip } from "./support";

const MODELS = "../fixtures/models/";
const names = readdirSync(new URL(MODELS, import.meta.url)).filter((name) => name.endsWith(".keras"));
const read = (bytes: Uint8Array, limits = {}) => readSpec(bytes, { name: "m.keras", limits });
const model = (name: string) => file(`${MODELS}${name}.keras`);
/** The archive of a good model with members put in place of its own; null takes one out. */
const altered = (members: Record<string, Uint8Array | null>) => {
  const all = Object.entries({ ...unzipSync(model("sequential_lstm")), ...members });
  return zipSync(Object.fromEntries(all.filter((entry): entry is [string, Uint8Array] => entry[1] !== null)), {
    level: 0,
  });
};
/** A `.npy` member as NumPy lays it out. */
const npy = (descr: string, shape: string, data: ArrayLike<number>, fortran = "False") => {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }\n`;
  const size = header.length;
  return Uint8Array.from([0x93, ...text("NUMPY"), 1, 0, size & 255, size >> 8, ...text(header), ...Array.from(data)]);
};
const float32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

describe("a .keras file", () => {
  it("of a real Keras opens, whatever its model", async () => {
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      if (name === "sequential_npz.keras") continue; // pickles, see below
      const spec = await readSpec(file(`${MODELS}${name}`), { name });
      expect(spec, name).toMatchObject({ format: "keras", kerasVersion: "3.15.1", dialect: 3 });
      expect(spec.architecture, name).toMatchObject({ class_name: expect.stringMatching(/Sequential|Functional/) });
      expect(treeOf(spec).size, name).toBeGreaterThan(0);
    }
  });

  it("gives its weights by the path of their object", async () => {
    const tree = treeOf(await read(model("sequential_twelve_dense")));
    expect([...tree.keys()].filter((path) => path.startsWith("layers/dense")).length).toBe(12);
    const lstm = treeOf(await read(model("sequential_lstm")));
    const [kernel, recurrent, bias] = lstm.get("layers/lstm/cell")!;
    expect(recurrent!.shape).toEqual([recurrent!.shape[0], 4 * recurrent!.shape[0]!]);
    expect(bias!.shape).toEqual([kernel!.shape[1]]);
  });

  it("may be compressed", async () => {
    const deflated = treeOf(await read(model("sequential_deflated")));
    expect(deflated).toEqual(treeOf(await read(model("sequential_lstm"))));
  });

  it.skipIf(NO_SHARED_MODELS)("of others: dna-next-base", async () => {
    for (const name of ["lstm", "gru"]) {
      const tree = treeOf(await read(sharedModel(`dna-next-base/${name}_model.keras`)));
      expect(tree.get("layers/embedding")![0]!.shape).toEqual([4, 32]);
      expect(tree.get(`layers/${name}_1/cell`)!.length).toBe(3);
    }
  });

  it("tells its dialect, and says what was read over", async () => {
    const metadata = text('{"keras_version": "2.14.0"}');
    const spec = await read(altered({ "metadata.json": metadata, "assets/words.txt": text("a") }));
    expect(spec).toMatchObject({ kerasVersion: "2.14.0", dialect: 2, ignored: ["assets/words.txt"] });
    expect(await read(altered({ "metadata.json": null }))).toMatchObject({ kerasVersion: null, dialect: 3 });
  });

  it("may hold its weights as plain NumPy arrays, in either order", async () => {
    const npz = zipSync({
      "layers/dense/vars/0.npy": npy("<f4", "2, 3", float32(1, 2, 3, 4, 5, 6), "True"),
      "layers/dense/vars/1.npy": npy(">f4", "3,", float32(1, 2, 3).reverse()),
      "layers/gru/cell/0.npy": npy("<f4", "", float32(7)),
      "note.npy": npy("|b1", "2,", [1, 0]),
    });
    const spec = await read(altered({ "model.weights.h5": null, "model.weights.npz": npz }));
    const [kernel, bias] = treeOf(spec).get("layers/dense")!;
    expect([kernel!.shape, [...kernel!.data]]).toEqual([
      [2, 3],
      [1, 3, 5, 2, 4, 6],
    ]);
    expect([...bias!.data]).toEqual([3, 2, 1]);
    expect(treeOf(spec).get("layers/gru/cell")).toEqual([{ shape: [], dtype: "float32", data: Float32Array.of(7) }]);
    expect(spec.ignored).toEqual(["note.npy"]);
  });

  it.each([
    ["its configuration", { "config.json": null }, "m.keras: expected a .keras archive with a member config.json"],
    ["its weights", { "model.weights.h5": null }, "m.keras: expected a member model.weights.h5 or model.weights.npz"],
    ["JSON", { "config.json": text("{class_name}") }, "m.keras, config.json: expected JSON, got"],
    [
      "UTF-8",
      { "config.json": Uint8Array.of(0x7b, 0xff) },
      "m.keras, config.json: expected UTF-8 text, got other bytes",
    ],
    ["an object", { "config.json": text("[]") }, "m.keras, config.json: expected an object, got other JSON"],
    ["HDF5", { "model.weights.h5": text("\x89HDF") }, "m.keras, model.weights.h5: expected a sound HDF5 structure"],
    [
      "a shallow configuration",
      { "config.json": text("[".repeat(1e5)) },
      "expected at most 128 levels of nesting, got 100000",
    ],
  ])("is refused without %s", async (_, members, message) => {
    await expect(read(altered(members))).rejects.toThrow(message);
  });

  it.each([
    ["pickles", npy("|O", "", [0x80, 4]), "expected plain numbers, got a pickle, which could run code"],
    ["structures", npy("<U3", "2,", []), "expected an array of numbers, got NumPy type <U3"],
    ["too few numbers", npy("<f4", "2, 3", float32(1)), "expected 24 bytes for float32 [2, 3], got 4"],
    ["a header that is none", npy("<f4", "x", []), "expected a NumPy header"],
    ["no header", text("NUMPY"), "expected a NumPy array, got other bytes"],
    ["endless dimensions", npy("<f4", "9999999999, 9999999999", []), "expected a shape that fits in memory"],
  ])("is refused when its arrays hold %s", async (_, array, message) => {
    const npz = zipSync({ "layers/dense/0.npy": array });
    await expect(read(altered({ "model.weights.h5": null, "model.weights.npz": npz }))).rejects.toThrow(message);
  });

  it("is refused when Keras pickled its weights", async () => {
    await expect(read(model("sequential_npz"))).rejects.toThrow(
      /model\.weights\.npz, .*a pickle, which could run code/,
    );
  });

  it("is not any other zip", async () => {
    const other = (name: string) => read(zip([{ name, data: text("x") }]));
    await expect(other("archive/data.pkl")).rejects.toThrow("weights without code: safetensors, got a PyTorch archive");
    await expect(other("a.npy")).rejects.toThrow("m.keras: expected a model, got a NumPy archive of arrays alone");
    await expect(other("word/document.xml")).rejects.toThrow("got a zip of word/document.xml");
  });
});

describe("damage", () => {
  it("is a typed error or goes unseen, and the next good file opens", async () => {
    const next = random(2);
    for (const name of ["sequential_lstm", "sequential_deflated", "functional_shared"]) {
      const whole = model(name);
      for (let round = 0; round < 100; round++) {
        const bytes = round % 4 === 0 ? whole.slice(0, next(whole.length)) : whole.slice();
        for (let flips = 1 + next(6); flips > 0 && bytes.length > 0; flips--)
          bytes[next(bytes.length)]! ^= 1 << next(8);
        await read(bytes).catch((e: unknown) => expect(e).toMatchObject({ brand: "recurra.error" }));
      }
    }
    expect(treeOf(await read(model("sequential_lstm"))).size).toBeGreaterThan(0);
  });
});

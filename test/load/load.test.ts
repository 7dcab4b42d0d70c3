/** Loading: what is told, and what is kept in the report. */
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { IoError, LimitError, NetworkError, UnsupportedError } from "../../src/errors";
import { type LoadOptions, layers, loadModel, ops, saveModel, sequential, Tensor } from "../../src/index";
import { goldenModel, modelBytes } from "../fixtures/golden";
import { expectClose } from "../support";
import { changed, layerOf } from "./changed";

describe("the report", () => {
  it("names types that are computed in float32, unknown keys, and what inference does not need", async () => {
    const bytes = changed("sequential_mixed_float16", (config) => {
      config.compile_config = { optimizer: "adam" };
      layerOf(config, "Dense").config.novelty = 3;
      layerOf(config, "Dense").config.nothing = null;
    });
    const { loadReport } = await loadModel(bytes);
    expect(loadReport).toEqual({
      format: "keras",
      kerasVersion: "3.15.1",
      dialect: 3,
      computedInFloat32: ["mixed_float16"],
      ignoredKeys: ["dense.novelty"],
      ignored: ["compile_config"],
    });
  });

  it("is empty for a plain file", async () => {
    const { loadReport } = await loadModel(modelBytes("sequential_lstm"));
    expect(loadReport).toMatchObject({ computedInFloat32: [], ignoredKeys: [], ignored: [] });
  });
});

describe("the dialect is the file's", () => {
  it.each([
    ["3.1.0", 1 / 6],
    ["2.15.0", 0.2],
  ])("hard_sigmoid of Keras %s rises by %f", async (version, slope) => {
    const bytes = changed("sequential_twelve_dense", (config, metadata) => {
      metadata.keras_version = version;
      for (const layer of config.config.layers.slice(1)) layer.config.activation = "linear";
      config.config.layers.at(-1).config.activation = "hard_sigmoid";
    });
    const linear = changed("sequential_twelve_dense", (config) => {
      for (const layer of config.config.layers.slice(1)) layer.config.activation = "linear";
    });
    const x = goldenModel("sequential_twelve_dense").calls[0]!.inputs[0]!;
    const given = new Tensor(x.shape, "float32", x.data);
    const [y, plain] = (await Promise.all([loadModel(bytes), loadModel(linear)])).map(
      (m) => m.predict(given) as Tensor,
    );
    const wanted = Float64Array.from(plain!.data, (v) => Math.min(1, Math.max(0, slope * v + 0.5)));
    expectClose(y!, { shape: y!.shape, data: wanted }, 1e-6, 1e-6);
  });
});

describe("a user's layer in a file", () => {
  const own = ({ units }: Readonly<Record<string, unknown>>) => {
    let weights: Tensor[] = [];
    return layers.custom({
      className: "Own",
      build: (shape, scope) => {
        const width = (shape as number[]).at(-1)!;
        weights = [scope.addWeight("kernel", [width, units as number]), scope.addWeight("bias", [units as number])];
      },
      call: (x) => ops.tanh(ops.add(ops.matmul(x as Tensor, weights[0]!), weights[1]!)),
      computeOutputShape: (shape) => [(shape as number[])[0]!, units as number],
      getConfig: () => ({ units }),
    });
  };
  const model = () => sequential({ layers: [layers.inputLayer({ shape: [4] }), own({ units: 3 })] });
  const named = async (m: ReturnType<typeof model>) =>
    changed(await saveModel(m), (config) => {
      Object.assign(layerOf(config, "Own"), { module: "lab.layers", registered_name: "Lab>Own" });
    });

  it("is made by what is given for its name, full or short, and gets its weights", async () => {
    const m = model();
    const x = new Tensor([1, 4], "float32", Float32Array.of(1, -2, 0.5, 3));
    for (const customLayers of [{ Own: own }, { "Lab>Own": own }]) {
      const copy = await loadModel(await named(m), { customLayers });
      expect(copy.getWeights()).toEqual(m.getWeights());
      expect(copy.predict(x)).toEqual(m.predict(x));
    }
  });

  it("is refused by name where nothing makes it", async () => {
    const bytes = await named(model());
    await expect(loadModel(bytes)).rejects.toThrow(UnsupportedError);
    await expect(loadModel(bytes)).rejects.toThrow(/layer Own \(.+\): expected one of .*LSTM.*, got Own/);
  });
});

describe("sources and options", () => {
  const path = new URL("../fixtures/models/sequential_lstm.keras", import.meta.url);
  const respond =
    (bytes: Uint8Array): typeof fetch =>
    async () =>
      new Response(bytes as Uint8Array<ArrayBuffer>);

  it("takes bytes, a buffer, a Blob, a path, a file URL and an address", async () => {
    const bytes = modelBytes("sequential_lstm");
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const all: [Parameters<typeof loadModel>[0], LoadOptions?][] = [
      [bytes],
      [buffer],
      [new Blob([buffer])],
      [path.pathname],
      [path],
      ["https://example.org/m.keras", { fetch: respond(bytes) }],
    ];
    for (const [source, options] of all) expect((await loadModel(source, options)).layers).toHaveLength(3);
  });

  it("tells how many bytes have come", async () => {
    const seen: [number, number | null][] = [];
    await loadModel(path, { onProgress: (loaded, total) => seen.push([loaded, total]) });
    const { length } = modelBytes("sequential_lstm");
    expect(seen.at(-1)).toEqual([length, length]);
  });

  it("rejects with the signal's reason", async () => {
    const reason = new Error("enough");
    await expect(loadModel(path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const onProgress = () => controller.abort(reason);
    await expect(loadModel(path, { signal: controller.signal, onProgress })).rejects.toBe(reason);
  });

  it("says what is not there, or too large", async () => {
    await expect(loadModel("nowhere.keras")).rejects.toThrow(IoError);
    const missing: typeof fetch = async () => new Response("", { status: 404 });
    await expect(loadModel("https://example.org/m.keras", { fetch: missing })).rejects.toThrow(NetworkError);
    await expect(loadModel(path, { limits: { bytes: 1000 } })).rejects.toThrow(LimitError);
    await expect(loadModel(path, { limits: { weights: 2 } })).rejects.toThrow(LimitError);
    await expect(loadModel(path, { limits: { nesting: 3 } })).rejects.toThrow(LimitError);
  });

  it("takes an architecture and its weights apart", async () => {
    const m = await loadModel(path);
    const weights = unzipSync(modelBytes("sequential_lstm"))["model.weights.h5"]!;
    const copy = await loadModel({ topology: JSON.stringify(m), weights });
    expect(copy.getWeights()).toEqual(m.getWeights());
    await expect(loadModel(weights)).rejects.toThrow("expected a model, or { topology, weights }, got weights alone");
  });
});

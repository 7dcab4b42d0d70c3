/** The wide build in the package: where it runs, and that vectors of eight floats change no bit. */
import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { root, run } from "./packed";

const major = Number.parseInt(process.versions.node, 10);
const here = major >= 24 && process.arch === "x64";
const JOIN = "--experimental-wasm-revectorize";
/** The optimised code from the first call on, which alone joins vectors. */
const OPTIMISED = "--no-liftoff";
const RELAXED = major < 22 ? ["--experimental-wasm-relaxed-simd"] : [];

/** Runs a program that has the library and sends what it finds as JSON. */
function program(flags: readonly string[], text: string): unknown {
  const source = `import * as recurra from "${root}/dist/index.js";
    const { configure, createPool, layers, runtime, sequential, tensor } = recurra;
    ${text}`;
  const args = [...flags, "--input-type=module", "--eval", source];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr.slice(-2000));
  return JSON.parse(stdout);
}

/** A model of seeded weights, and the bytes that it makes of seeded numbers. */
const MODEL = `
  let seed = 5;
  const next = () => (seed = (seed * 16807) % 2147483647) / 1073741824 - 1;
  const numbers = (shape, scale) => {
    const size = shape.reduce((all, d) => all * d, 1);
    return tensor(Float32Array.from({ length: size }, () => scale * next()), shape);
  };
  const lstm = layers.bidirectional({ layer: layers.lstm({ units: 72, returnSequences: true }) });
  const simple = layers.simpleRNN({ units: 40, returnSequences: true });
  const m = sequential({ layers: [lstm, layers.gru({ units: 130, returnSequences: true }), simple] });
  m.build([null, null, 24]);
  for (const layer of m.layers) layer.setWeights(layer.weights.map(({ shape }) => numbers(shape, 0.3)));
  const inputs = [1, 2, 3, 4, 5, 6, 7, 8, 11, 20, 37].map((batch) => numbers([batch, 4, 24], 1));
  const looked = ["lstm", "gru", "simpleRNN"].map((kind) => {
    const table = layers.embedding({ inputDim: 50, outputDim: 24 });
    const net = sequential({ layers: [table, layers[kind]({ units: 40, returnSequences: true })] });
    net.build([null, null]);
    for (const layer of net.layers) layer.setWeights(layer.weights.map(({ shape }) => numbers(shape, 0.3)));
    return net;
  });
  const idsOf = (batch) => Int32Array.from({ length: 4 * batch }, (_, k) => (7 * k) % 50);
  const ids = [1, 3, 8, 21].map((batch) => tensor(idsOf(batch), [batch, 4]));
  const bytes = (y) => Buffer.from(y.data.buffer, y.data.byteOffset, y.data.byteLength).toString("base64");
  const runs = () => inputs.map((x) => bytes(m.predict(x)));
  const tables = () => looked.flatMap((net) => ids.map((x) => bytes(net.predict(x))));
`;

beforeAll(() => {
  run("node", ["scripts/ensure_built.mjs"], root);
}, 240_000);

describe.runIf(here)("where V8 joins vectors", () => {
  it("runs when Node was started so", () => {
    const build = "console.log(JSON.stringify(runtime().build));";
    expect(program([JOIN], build)).toBe("wide");
    expect(program([], build)).toBe("relaxed");
  });

  it("gives the bits of the relaxed build, in one thread and in two", () => {
    const relaxed = program([], `${MODEL} console.log(JSON.stringify({ runs: runs(), tables: tables() }));`);
    const wide = program(
      [OPTIMISED],
      `${MODEL} configure({ build: "wide" });
      const [alone, found] = [runs(), tables()];
      const pool = await createPool(m, { threads: 2 });
      const together = [];
      for (const x of inputs) together.push(bytes(await pool.predict(x)));
      await pool.close();
      console.log(JSON.stringify({ build: runtime().build, alone, found, together }));`,
    );
    const { runs, tables } = relaxed as Record<string, string[]>;
    expect(wide).toEqual({ build: "wide", alone: runs, found: tables, together: runs });
  });
});

describe.skipIf(here)("where V8 does not", () => {
  it("is refused, and what ran runs on", () => {
    const found = program(
      RELAXED,
      `const before = runtime().build;
      let message;
      try { configure({ build: "wide" }); } catch (error) { message = error.name + ": " + error.message; }
      console.log(JSON.stringify({ message, same: runtime().build === before }));`,
    );
    const got = `Node ${process.versions.node} on ${process.arch}`;
    const message = `RuntimeError: configure.build: expected Node 24 or later on x64 for wide, got ${got}`;
    expect(found).toEqual({ message, same: true });
  });
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { workerBundle } from "../../bench/worker_bundle";
import { lstm } from "../../src/layers/recurrent/lstm";
import { sequential } from "../../src/models/sequential";
import { Tensor } from "../../src/tensor";
import { createPool } from "../../src/throughput/create_pool";
import { Pool } from "../../src/throughput/pool";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";
import { bits, built, dice, IDS, idsModel, numbersModel, outcome, twoByTwo, WIDTH } from "./support";

const ROUNDING = 1e-6; // relaxed build: a few units in the last place of numbers below 1

let worker: URL;
beforeAll(async () => {
  worker = await workerBundle();
});

/** What the test needs to see of a pool's workers. */
interface Inside {
  readonly crew: { readonly members: Set<{ isReady: boolean; handle: { terminate(): Promise<void> } }> };
}

/** Ends a worker that has the model from outside, as an operating system does. */
function kill(pool: Pool<unknown>, which: number): void {
  const members = [...(pool as unknown as Inside).crew.members].filter(({ isReady }) => isReady);
  void members[which % members.length]?.handle.terminate();
}

/** A script that is not the pool's, beside it. */
function script(name: string, text: string): URL {
  const path = join(fileURLToPath(worker), `../${name}.mjs`);
  writeFileSync(path, text);
  return pathToFileURL(path);
}

describe.each(BUILDS)("a pool on the %s build", (build) => {
  useBuild(build);
  const same = (got: Tensor, wanted: Tensor) => expectClose(got, wanted, build === "baseline" ? 0 : ROUNDING, 0);

  it.each([1, 2, 3])("gives what predict gives with %i threads, many calls at once, in order", async (threads) => {
    const m = numbersModel();
    const pool = await createPool(m, { threads, worker });
    const batches = [1, 2, 3, 64, 7, 200, 33].map((samples, k) => randomTensor([samples, 4, WIDTH], k));
    const results = await Promise.all(batches.map((x) => pool.predict(x)));
    results.forEach((y, k) => {
      same(y, m.predict(batches[k] as Tensor));
    });
    await pool.close();
  });

  it("takes several inputs and gives several outputs", async () => {
    const m = twoByTwo();
    const pool = await createPool(m, { threads: 2, worker });
    const [a, b] = [randomTensor([70, 4, WIDTH], 1), randomTensor([70, 4, 2], 2)];
    const wanted = m.predict([a, b]);
    const got = await pool.predict({ b, a });
    wanted.forEach((y, k) => {
      same(got[k] as Tensor, y);
    });
    await pool.close();
  });
});

describe("a pool", () => {
  const open: Pool<unknown>[] = [];
  afterAll(() => Promise.all(open.map((pool) => pool.close())));
  const poolOf = async <M extends Parameters<typeof createPool>[0]>(m: M, threads = 2) => {
    const pool = await createPool(m, { threads, worker });
    open.push(pool);
    return pool;
  };

  it("does the work of workers that are killed again, each answer once and right", async () => {
    const m = numbersModel();
    const pool = await poolOf(m);
    const roll = dice(11);
    for (let round = 0; round < 12; round++) {
      const calls = Array.from({ length: 6 }, async (_, k) => {
        const x = randomTensor([1 + roll(100), 5, WIDTH], 6 * round + k);
        const control = new AbortController();
        const result = outcome(pool.predict(x, { signal: control.signal }));
        if (roll(4) === 0) control.abort(k);
        const got = await result;
        if (control.signal.aborted) expect(got).toEqual({ error: k });
        else if ("error" in got) throw got.error;
        else expect(bits(got.value.data)).toEqual(bits(m.predict(x).data));
      });
      if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      kill(pool, roll(2));
      await Promise.all(calls);
    }
  });

  it("fails a call that three workers died of, and no other", async () => {
    const m = numbersModel();
    const source = script(
      "fragile",
      `import { parentPort } from "node:worker_threads";
      parentPort.postMessage({ kind: "hello" });
      parentPort.on("message", ({ kind, inputs }) => {
        if (kind === "model") return parentPort.postMessage({ kind: "ready" });
        if (inputs[0].data[0] === 13) process.exit(3);
        parentPort.postMessage({ kind: "result", outputs: inputs });
      });`,
    );
    const pool = await createPool(m, { threads: 2, worker: source });
    const x = (first: number) => new Tensor([1, 1, WIDTH], "float32", Float32Array.of(first, 0, 0));
    const results = [outcome(pool.predict(x(1))), outcome(pool.predict(x(13))), outcome(pool.predict(x(2)))];
    const [before, bad, after] = await Promise.all(results);
    expect(bad).toMatchObject({ error: { code: "worker", expected: "a worker that lives", got: "exit code 3" } });
    expect([before, after]).toEqual([{ value: x(1) }, { value: x(2) }]);
    await pool.close();
  });

  it("is refused when no worker starts", async () => {
    const m = numbersModel();
    const dies = script("dies", "throw new Error('not here');");
    await expect(createPool(m, { threads: 2, worker: dies })).rejects.toMatchObject({ code: "worker" });
    const nowhere = new URL("nowhere.mjs", worker);
    await expect(createPool(m, { threads: 1, worker: nowhere })).rejects.toThrow("expected a worker that lives");
    const odd = createPool(m, { workers: 2 } as object);
    await expect(odd).rejects.toThrow("createPool: expected options among threads, worker, maxStartMs, got workers");
    const nothing = createPool(undefined as unknown as typeof m);
    await expect(nothing).rejects.toThrow("createPool: expected a model of layers, got undefined");
    await expect(createPool(m, { threads: 0 })).rejects.toThrow("createPool, threads: expected a positive integer");
    for (const maxStartMs of [0, Number.NaN, 2 ** 31]) {
      await expect(createPool(m, { maxStartMs })).rejects.toThrow("createPool, maxStartMs: expected milliseconds");
    }
    await expect(createPool(sequential({ layers: [lstm({ units: 2 })] }))).rejects.toMatchObject({ code: "state" });
    const stateful = built([lstm({ units: 2, stateful: true, batchInputShape: [1, null, WIDTH] })]);
    await expect(createPool(stateful)).rejects.toMatchObject({ code: "unsupported" });
  });

  it.each([
    ["says nothing", "", 50, /expected recurra\/worker as the workers' script, got nothing said in 50 ms$/],
    ["echoes", "parentPort.on('message', (m) => parentPort.postMessage(m));", 60_000, /first message is Object$/],
    ["greets", "parentPort.postMessage('hello');", 60_000, /first message is "hello"$/],
    ["ends", "parentPort.unref();", 60_000, /expected a worker that lives, got exit code 0$/],
    ["is HTML", "<!doctype html>", 60_000, /expected a worker that lives, got SyntaxError: /],
  ])("is refused, and leaves no worker, when somebody else's script %s", async (_, text, maxStartMs, message) => {
    const listening = 'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => {});';
    const pool = new Pool(numbersModel(), 2, script("foreign", `${listening} ${text}`), maxStartMs);
    const error = await pool.start().then(() => undefined, String);
    expect(error).toMatch(/^WorkerError: \w+, pool: expected /);
    expect(error).toMatch(message);
    expect((pool as unknown as Inside).crew.members).toHaveProperty("size", 0);
  });

  it("hands on the errors of predict, with their class and the samples that they come from", async () => {
    const m = idsModel();
    const pool = await poolOf(m);
    const ids = new Tensor([64, 3], "int32", new Int32Array(192));
    ids.data[3 * 63 + 1] = IDS;
    await expect(pool.predict(ids)).rejects.toMatchObject({ name: "ArgumentError", details: { value: IDS } });
    await expect(pool.predict(ids)).rejects.toThrow(/^samples 32 to 63, .*id at \[31, 1\]: expected a whole number/);
    ids.data[3 * 63 + 1] = 0;
    expect(bits((await pool.predict(ids)).data)).toEqual(bits(m.predict(ids).data));
    const numbers = await poolOf(numbersModel());
    await expect(numbers.predict(randomTensor([3, 2, WIDTH + 1], 1))).rejects.toMatchObject({ code: "shape" });
    const two = await poolOf(twoByTwo());
    const uneven = [randomTensor([3, 2, WIDTH], 1), randomTensor([2, 2, 2], 1)];
    await expect(two.predict(uneven)).rejects.toThrow("expected the same number of samples in all inputs, got 3, 2");
  });

  it("reads its input before it returns, and takes no samples for none", async () => {
    const m = numbersModel();
    const pool = await poolOf(m);
    const x = randomTensor([40, 2, WIDTH], 3);
    const wanted = bits(m.predict(x).data);
    const call = pool.predict(x);
    x.data.fill(7);
    expect(bits((await call).data)).toEqual(wanted);
    expect((await pool.predict(randomTensor([0, 2, WIDTH], 1))).shape).toEqual([0, 2]);
  });

  it("fills arrays that it is given, whoever does the work, and leaves them when it was aborted", async () => {
    const m = twoByTwo();
    const pool = await poolOf(m);
    for (const samples of [1, 1, 1, 2, 70, 70, 300]) {
      const x = [randomTensor([samples, 4, WIDTH], samples), randomTensor([samples, 4, 2], 2)];
      const wanted = m.predict(x);
      const out = wanted.map(({ data }) => new Float32Array(data.length).fill(9));
      const got = await pool.predict(x, { out });
      got.forEach((y, k) => {
        expect(y.data).toBe(out[k]);
        expect(bits(y.data)).toEqual(bits((wanted[k] as Tensor).data));
      });
    }
    const one = numbersModel();
    const single = await poolOf(one);
    const x = randomTensor([80, 40, WIDTH], 5);
    const out = new Float32Array(160).fill(9);
    expect((await single.predict(x, { out })).data).toBe(out);
    expect(bits(out)).toEqual(bits(one.predict(x).data));
    out.fill(9);
    const control = new AbortController();
    const call = outcome(single.predict(x, { out, signal: control.signal }));
    control.abort("no more");
    expect(await call).toEqual({ error: "no more" });
    await single.predict(x);
    expect(out).toEqual(new Float32Array(160).fill(9));
    const refused = single.predict(x, { out: new Float32Array(159) });
    await expect(refused).rejects.toThrow("out: expected Float32Array(160), got Float32Array(159)");
  });

  it("takes arrays for the smallest calls, too", async () => {
    const m = built([lstm({ units: 2, inputShape: [null, WIDTH] })]);
    const pool = await poolOf(m);
    const x = randomTensor([1, 2, WIDTH], 1);
    for (let k = 0; k < 20; k++) await pool.predict(x);
    const out = new Float32Array(2);
    const y = await pool.predict(x, { out });
    expect(y.data).toBe(out);
    expect(bits(out)).toEqual(bits(m.predict(x).data));
    await expect(pool.predict(x, { out: new Int32Array(2) })).rejects.toThrow("got Int32Array(2)");
  });

  it("finishes what it has accepted when it is closed, and takes nothing more", async () => {
    const m = numbersModel();
    const pool = await poolOf(m);
    const calls = Array.from({ length: 9 }, (_, k) => pool.predict(randomTensor([50, 3, WIDTH], k)));
    const closed = pool.close();
    await expect(pool.predict(randomTensor([1, 3, WIDTH], 1))).rejects.toThrow("expected a pool in use");
    await closed;
    expect((await Promise.all(calls)).map((y) => y.shape[0])).toEqual(new Array(9).fill(50));
    await pool.close();
  });

  it("rejects at once with the reason of a signal", async () => {
    const pool = await poolOf(numbersModel());
    const control = new AbortController();
    const x = randomTensor([400, 50, WIDTH], 1);
    const call = pool.predict(x, { signal: control.signal });
    control.abort("enough");
    await expect(call).rejects.toBe("enough");
    await expect(pool.predict(x, { signal: control.signal })).rejects.toBe("enough");
  });
});

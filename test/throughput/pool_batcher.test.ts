import { beforeAll, describe, expect, it } from "vitest";
import { workerBundle } from "../../bench/worker_bundle";
import { dense } from "../../src/layers/dense";
import { gru } from "../../src/layers/recurrent/gru";
import { lstm } from "../../src/layers/recurrent/lstm";
import { simpleRNN } from "../../src/layers/recurrent/simple_rnn";
import { Tensor } from "../../src/tensor";
import { createBatcher } from "../../src/throughput/batcher";
import { createPool } from "../../src/throughput/create_pool";
import type { Pool } from "../../src/throughput/pool";
import { BUILDS, random, randomTensor, useBuild } from "../support";
import { bits, built, helped } from "./support";

const WIDTH = 6;

let worker: URL;
beforeAll(async () => {
  worker = await workerBundle();
});

/** Enough work a timestep for several threads. */
const model = () =>
  built([
    lstm({ units: 75, returnSequences: true, inputShape: [null, WIDTH] }),
    gru({ units: 96, returnSequences: true }),
    simpleRNN({ units: 130 }),
    dense({ units: 3 }),
  ]);

/** Repeats something until a worker has helped. */
async function untilHelped(pool: Pool<Tensor>, turn: () => Promise<void>): Promise<void> {
  const before = helped(pool);
  const until = Date.now() + 20_000;
  for (let k = 0; k < 30 || (helped(pool) === before && Date.now() < until); k++) await turn();
  expect(helped(pool)).toBeGreaterThan(before);
}

describe.each(BUILDS)("a batcher on a pool, %s build", (build) => {
  useBuild(build);

  it.each([2, 3])("steps streams to the bits of streams alone, on %i threads", async (threads) => {
    const m = model();
    const pool = await createPool(m, { threads, worker });
    const batcher = createBatcher(pool);
    const next = random(5);
    const all = Array.from({ length: 70 }, () => ({ together: batcher.createStream(), alone: m.createStream() }));
    await untilHelped(pool as Pool<Tensor>, async () => {
      const frames = all.map(() => Float32Array.from({ length: WIDTH }, next));
      const got = await batcher.stepAll(
        all.map(({ together }) => together),
        frames,
      );
      all.forEach(({ alone }, k) => {
        expect(bits(got[k] as Float32Array)).toEqual(bits(alone.step(frames[k]) as Float32Array));
      });
    });
    await batcher.close();
    await pool.close();
  });

  it("predicts as the model alone", async () => {
    const m = model();
    const pool = await createPool(m, { threads: 2, worker });
    const batcher = createBatcher(pool);
    let seed = 0;
    await untilHelped(pool as Pool<Tensor>, async () => {
      const x = randomTensor([40, 4, WIDTH], seed++);
      const wanted = m.predict(x) as Tensor;
      const size = 4 * WIDTH;
      const row = (k: number) => new Tensor([4, WIDTH], "float32", x.data.slice(k * size, (k + 1) * size));
      const got = await Promise.all(Array.from({ length: 40 }, (_, k) => batcher.predict(row(k))));
      expect(got.flatMap(({ data }) => bits(data as Float32Array))).toEqual(bits(wanted.data as Float32Array));
    });
    await pool.close();
  });
});

describe("a batcher on a pool", () => {
  it("refuses when the pool was closed, or has other weights than the model", async () => {
    const m = model();
    const pool = await createPool(m, { threads: 2, worker });
    const batcher = createBatcher(pool);
    const stream = batcher.createStream();
    const frame = new Float32Array(WIDTH);
    await stream.step(frame);
    m.setWeights(m.getWeights());
    await expect(stream.step(frame)).rejects.toThrow("expected the weights that the pool was made with, got others");
    const other = await createPool(m, { threads: 1, worker });
    const last = createBatcher(other);
    await other.close();
    await expect(last.predict(randomTensor([2, WIDTH], 1))).rejects.toThrow("expected a pool in use");
    expect(() => last.createStream()).toThrow("expected a pool in use, got one that was closed");
    await pool.close();
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { workerBundle } from "../../bench/worker_bundle";
import { bidirectional } from "../../src/layers/bidirectional";
import { dense } from "../../src/layers/dense";
import { embedding } from "../../src/layers/embedding";
import { gru } from "../../src/layers/recurrent/gru";
import { lstm } from "../../src/layers/recurrent/lstm";
import { simpleRNN } from "../../src/layers/recurrent/simple_rnn";
import type { Sequential } from "../../src/models/sequential";
import { Tensor } from "../../src/tensor";
import { createPool } from "../../src/throughput/create_pool";
import type { Pool } from "../../src/throughput/pool";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";
import { built, dice, helped, type Inside } from "./support";

const WIDTH = 6;
const TIMESTEPS = 50;

let worker: URL;
beforeAll(async () => {
  worker = await workerBundle();
});

const INPUT = { inputShape: [null, WIDTH] };

/** Single sequences of each are worth more than one thread. */
const MODELS: Readonly<Record<string, () => Sequential>> = {
  "an LSTM, all outputs": () => built([lstm({ units: 64, returnSequences: true, ...INPUT })]),
  "an LSTM, units that fill no block": () => built([lstm({ units: 75, ...INPUT }), dense({ units: 3 })]),
  "a GRU": () => built([gru({ units: 72, returnSequences: true, goBackwards: true, ...INPUT })]),
  "a SimpleRNN": () => built([simpleRNN({ units: 128, returnSequences: true, ...INPUT })]),
  "two directions": () => built([bidirectional({ layer: lstm({ units: 5, returnSequences: true }), ...INPUT })]),
  "two directions, last outputs, added": () =>
    built([bidirectional({ layer: gru({ units: 66 }), mergeMode: "sum", ...INPUT })]),
};

function maskedModel(): Sequential {
  return built([
    embedding({ inputDim: 9, outputDim: 4, maskZero: true, inputShape: [null] }),
    bidirectional({ layer: lstm({ units: 6, returnSequences: true }) }),
    lstm({ units: 70, returnSequences: true }),
  ]);
}

async function compare(m: Sequential, pool: Pool<Tensor>, inputs: (seed: number) => Tensor): Promise<void> {
  const until = Date.now() + 20_000;
  for (let seed = 0; seed < 24 || (helped(pool) === 0 && Date.now() < until); seed++) {
    const x = inputs(seed);
    expectClose(await pool.predict(x), m.predict(x) as Tensor, 0, 0);
  }
  expect(helped(pool)).toBeGreaterThan(0);
}

describe.each(BUILDS)("one sequence on several threads, %s build", (build) => {
  useBuild(build);

  it.each(Object.keys(MODELS))("%s: the bits of one thread", async (name) => {
    const m = (MODELS[name] as () => Sequential)();
    for (const threads of [2, 4]) {
      const pool = (await createPool(m, { threads, worker })) as Pool<Tensor>;
      await compare(m, pool, (seed) => randomTensor([1, TIMESTEPS, WIDTH], seed));
      await pool.close();
    }
  });

  it("masks: the bits of one thread", async () => {
    const m = maskedModel();
    const pool = (await createPool(m, { threads: 3, worker })) as Pool<Tensor>;
    const roll = dice(3);
    await compare(m, pool, () => {
      const ids = Int32Array.from({ length: TIMESTEPS }, () => Math.max(0, roll(12) - 3));
      return new Tensor([1, TIMESTEPS], "int32", ids);
    });
    await pool.close();
  });
});

describe("helpers that are killed", () => {
  it("cost no answer and no bit, and others help in their place", async () => {
    const m = (MODELS["an LSTM, all outputs"] as () => Sequential)();
    const pool = (await createPool(m, { threads: 2, worker })) as Pool<Tensor>;
    const roll = dice(5);
    for (let round = 0; round < 12; round++) {
      const ready = [...(pool as unknown as Inside).crew.members].filter(({ isReady }) => isReady);
      void ready[roll(ready.length)]?.handle.terminate();
      for (let k = 0; k < 20; k++) {
        const x = randomTensor([1, 40, WIDTH], 20 * round + k);
        expectClose(await pool.predict(x), m.predict(x) as Tensor, 0, 0);
        if (roll(3) === 0) await new Promise((resolve) => setTimeout(resolve, roll(20)));
      }
    }
    const before = helped(pool);
    const until = Date.now() + 20_000;
    while (helped(pool) === before && Date.now() < until) await pool.predict(randomTensor([1, 40, WIDTH], 1));
    expect(helped(pool)).toBeGreaterThan(before);
    await pool.close();
  });
});

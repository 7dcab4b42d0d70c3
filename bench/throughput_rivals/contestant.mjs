/**
 * One contestant of run.mjs, in a process of its own: threads that spin while they wait for work would take the cores
 * of the others. Told a workload, it tells its answers; told to run, it runs for some milliseconds and tells the time.
 */
import { join } from "node:path";
import { streamFrames, workload } from "./workload.mjs";

const [folder, kind] = process.argv.slice(2);
const THREADS = 2;
const BATCH = 128;

/** What each contestant does with a workload: `run` is a call, or a step of all streams; `close` ends it. */
const CONTESTANTS = {
  async recurra(work) {
    const { loadModel } = await import("recurra");
    const model = await loadModel(join(folder, `${work.name}.keras`));
    if (work.streams) return manyStreams(work, oneByOne(model));
    const input = work.isStep ? undefined : work.input();
    if (input) return { run: () => model.predict(input).data };
    const stream = model.createStream();
    return { run: () => stream.step(work.frame) };
  },
  async pool(work) {
    const { createPool, createBatcher, loadModel } = await import("recurra");
    const model = await loadModel(join(folder, `${work.name}.keras`));
    const pool = await createPool(model, { threads: THREADS });
    const close = () => pool.close();
    if (work.streams) {
      const batcher = createBatcher(pool, { maxBatch: BATCH });
      return { ...manyStreams(work, together(batcher)), close };
    }
    const input = work.input();
    return { run: async () => (await pool.predict(input)).data, close };
  },
  async batcher(work) {
    const { createBatcher, loadModel } = await import("recurra");
    const batcher = createBatcher(await loadModel(join(folder, `${work.name}.keras`)), { maxBatch: BATCH });
    return manyStreams(work, together(batcher));
  },
  async onnxruntime(work) {
    const { InferenceSession, Tensor } = await import("onnxruntime-node");
    const options = { intraOpNumThreads: THREADS, interOpNumThreads: 1, graphOptimizationLevel: "all" };
    const session = await InferenceSession.create(join(folder, `${work.name}.onnx`), options);
    const step = async (frame, states) => {
      const out = await session.run({ x: new Tensor("float32", frame, [1, 1, frame.length]), ...states });
      for (const key of Object.keys(states)) states[key] = out[`${key}_next`];
      return states.h.data;
    };
    const zeros = () => new Tensor("float32", new Float32Array(work.units), [1, 1, work.units]);
    const fresh = () => Object.fromEntries(work.states.map((key) => [key, zeros()]));
    if (work.streams) {
      const frames = streamFrames(work);
      const states = frames.map(fresh);
      const run = async () => {
        const all = [];
        for (const [k, frame] of frames.entries()) all.push(await step(frame, states[k]));
        return all[7];
      };
      return { run };
    }
    if (work.isStep) {
      const states = fresh();
      return { run: () => step(work.frame, states) };
    }
    const { data, shape, dtype } = work.input();
    const feeds = { x: new Tensor(dtype, data, shape) };
    return { run: async () => (await session.run(feeds)).y.data };
  },
};

function manyStreams(work, stepping) {
  const frames = streamFrames(work);
  const outs = frames.map(() => new Float32Array(work.units));
  const run = stepping(frames, outs);
  return {
    async run() {
      await run();
      return outs[7];
    },
  };
}

const oneByOne = (model) => (frames, outs) => {
  const streams = frames.map(() => model.createStream());
  return () => {
    for (const [k, stream] of streams.entries()) stream.step(frames[k], outs[k]);
  };
};

const together = (batcher) => (frames, out) => {
  const streams = frames.map(() => batcher.createStream());
  return () => batcher.stepAll(streams, frames, { out });
};

let current;
process.on("message", async ({ name, streams, ms }) => {
  if (name) {
    await current?.close?.();
    current = await CONTESTANTS[kind](await workload(name, streams));
    process.send({ answer: Array.from(await current.run()) });
    return;
  }
  const start = performance.now();
  let runs = 0;
  do {
    await current.run();
    runs++;
  } while (performance.now() - start < ms);
  process.send({ time: (performance.now() - start) / runs });
});

/**
 * onnxruntime-node on two threads beside recurra, in one process and in turns: single calls, and 1,000 live streams.
 * Outputs are compared before anything is timed.
 *
 *     python make.py build && node --experimental-wasm-relaxed-simd run.mjs build     (the flag on Node 20 alone)
 */
import { cpus } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { createBatcher, createPool, loadModel, runtime, tensor } from "recurra";

const [folder = "build"] = process.argv.slice(2);
const THREADS = 2;
const STREAMS = 1000;
const TOLERANCE = 1e-4;
const SESSION = { intraOpNumThreads: THREADS, interOpNumThreads: 1, graphOptimizationLevel: "all" };

const open = (name) => InferenceSession.create(join(folder, `${name}.onnx`), SESSION);
const load = (name) => loadModel(join(folder, `${name}.keras`));
let state = 1;
const numbers = (length) =>
  Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });

function mustAgree(name, got, wanted) {
  const difference = wanted.reduce((most, y, k) => Math.max(most, Math.abs(y - got[k])), 0);
  if (!(difference < TOLERANCE)) throw new Error(`${name}: expected within ${TOLERANCE}, got ${difference}`);
}

/** The medians of rounds in which all take their turns; microseconds of `calls` calls each. */
async function medians(ways, calls, rounds) {
  const times = ways.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [k, way] of ways.entries()) {
      const start = performance.now();
      await way();
      if (round >= 0) times[k].push((1e3 * (performance.now() - start)) / calls);
    }
  }
  return times.map((all) => all.sort((a, b) => a - b)[all.length >> 1]);
}

const repeated = (calls, call) => async () => {
  for (let k = 0; k < calls; k++) await call();
};

/** A step of one stream, as onnxruntime does it. */
async function stepper(name) {
  const session = await open(name);
  return (frame, states) => {
    const feeds = { x: new Tensor("float32", frame, [1, 1, frame.length]) };
    for (const key of Object.keys(states)) feeds[key] = states[key];
    return session.run(feeds).then((out) => {
      for (const key of Object.keys(states)) states[key] = out[`${key}_next`];
      return states.h.data;
    });
  };
}

const zeros = (units) => new Tensor("float32", new Float32Array(units), [1, 1, units]);

console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, ${runtime().build} build`);
console.log("microseconds a call, medians        recurra   pool of 2   onnxruntime-node, 2 threads");
for (const name of ["S1", "S2", "TINY", "L1", "BI1", "E2E1"]) {
  const model = await load(name);
  const [calls, rounds] = [name.startsWith("S") ? 500 : 20, 25];
  if (name.startsWith("S")) {
    const [frame, stream] = [numbers(64), model.createStream()];
    const rival = await stepper(name);
    const states = name === "S1" ? { h: zeros(128), c: zeros(128) } : { h: zeros(128) };
    mustAgree(name, await rival(frame, states), stream.step(frame));
    const ways = [repeated(calls, () => stream.step(frame)), repeated(calls, () => rival(frame, states))];
    report(name, ...(await medians(ways, calls, rounds)));
    continue;
  }
  const shape = model.inputs[0].shape.map((d) => d ?? 1);
  const isIds = name === "E2E1";
  const x = numbers(shape.reduce((a, b) => a * b, 1)).map((v) => (isIds ? Math.floor(500 * (v + 1)) : v));
  const input = isIds ? tensor(Int32Array.from(x), shape) : tensor(x, shape);
  const session = await open(name);
  const feeds = { x: new Tensor(isIds ? "int32" : "float32", input.data, shape) };
  const pool = await createPool(model, { threads: THREADS });
  const wanted = model.predict(input).data;
  mustAgree(name, (await session.run(feeds)).y.data, wanted);
  mustAgree(name, (await pool.predict(input)).data, wanted);
  const all = [() => model.predict(input), () => session.run(feeds), () => pool.predict(input)];
  report(
    name,
    ...(await medians(
      all.map((call) => repeated(calls, call)),
      calls,
      rounds,
    )),
  );
  await pool.close();
}

function report(name, own, rival, pool) {
  const cell = (time) => (time === undefined ? "" : time.toFixed(1)).padStart(12);
  const faster = rival / Math.min(own, pool ?? own);
  console.log(`${name.padEnd(32)}${cell(own)}${cell(pool)}${cell(rival)}   ${faster.toFixed(2)} times as fast`);
}

for (const [name, units] of [
  ["S1", 128],
  ["S512", 512],
]) {
  const model = await load(name);
  const frames = Array.from({ length: STREAMS }, () => numbers(64));
  const outs = frames.map(() => new Float32Array(units));
  const alone = frames.map(() => model.createStream());
  const batcher = createBatcher(model);
  const together = frames.map(() => batcher.createStream());
  const rival = await stepper(name);
  const states = frames.map(() => ({ h: zeros(units), c: zeros(units) }));
  const oneByOne = () => alone.forEach((stream, k) => void stream.step(frames[k], outs[k]));
  const batched = () => Promise.all(together.map((stream, k) => stream.step(frames[k], { out: outs[k] })));
  const theirs = async () => {
    for (const [k, frame] of frames.entries()) await rival(frame, states[k]);
  };
  mustAgree(name, await rival(frames[7], { h: zeros(units), c: zeros(units) }), model.createStream().step(frames[7]));
  const [one, many, other] = await medians([oneByOne, batched, theirs], STREAMS, units > 128 ? 7 : 25);
  const rate = (time) => `${Math.round(1e6 / time)} steps/s`;
  console.log(
    `${STREAMS} streams, LSTM 64 -> ${units}: one at a time ${rate(one)}, batcher ${rate(many)}, onnxruntime-node`,
  );
  console.log(`  ${rate(other)}: the batcher is ${(other / many).toFixed(2)} times as fast`);
  await batcher.close();
}

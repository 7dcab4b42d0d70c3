/**
 * Opens and drops models, layers and streams without `dispose`, in random order, and expects flat memory at the end.
 * Usage: npm run build && node --expose-gc scripts/soak.mjs [count]
 */
import { layers, modelFromParts, runtime, sequential, tensor } from "../dist/index.js";

const count = Number(process.argv[2] ?? 100_000);
if (typeof globalThis.gc !== "function" || !(count > 0)) {
  console.error("usage: node --expose-gc scripts/soak.mjs [count]");
  process.exit(2);
}

/** Numbers in [0, 1), the same in every run. */
let seed = 1;
function random() {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}

const collect = async () => {
  for (let round = 0; round < 3; round++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};

const x = tensor(new Float32Array(20), [1, 5, 4]);
const parts = sequential({
  layers: [layers.lstm({ units: 8, inputShape: [null, 4] }), layers.dense({ units: 3 })],
}).toParts();
const open = [
  () => {
    const model = modelFromParts(parts);
    model.predict(x);
    return model;
  },
  () => {
    const layer = layers.gru({ units: 1 + Math.floor(32 * random()), returnSequences: random() < 0.5 });
    layer.apply(x);
    return layer;
  },
  () => {
    const stream = modelFromParts(parts).createStream({ batch: 1 + Math.floor(4 * random()) });
    stream.step();
    return stream;
  },
];

const held = new Array(1000).fill(undefined);
const seen = [];
for (let k = 1; k <= count; k++) {
  held[Math.floor(held.length * random())] = open[Math.floor(open.length * random())]();
  if (k % 500 === 0) await collect();
  if (k % Math.max(1, Math.floor(count / 10)) === 0) {
    const { memory, used } = runtime();
    seen.push(memory);
    console.log(`${k} opened: ${(memory / 2 ** 20).toFixed(1)} MiB of memory, ${(used / 2 ** 20).toFixed(1)} in use`);
  }
}
held.fill(undefined);
await collect();
await collect();
const { memory, used } = runtime();
console.log(`all dropped: ${(memory / 2 ** 20).toFixed(1)} MiB of memory, ${(used / 2 ** 20).toFixed(1)} in use`);
const grown = memory - seen[Math.floor(seen.length / 2) - 1];
if (grown > 0 || used > memory / 2) {
  console.error(`memory grew by ${grown} bytes in the second half, ${used} bytes are still in use`);
  process.exit(1);
}

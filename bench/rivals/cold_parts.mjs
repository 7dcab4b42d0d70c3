/** A process of bench/rivals/parts.mjs: milliseconds of each part from the import to the first prediction. */

import { readFileSync } from "node:fs";
import * as vm from "node:vm";
import { read } from "./host_node.mjs";
import { readWorkload } from "./workload.mjs";

const [way, file] = process.argv.slice(2);
const workload = await readWorkload("L1", read);
const { layers, input, inputShape, expected } = workload;
const parts = {};
let last = performance.now();
/** Ends a part. */
function mark(name) {
  const now = performance.now();
  parts[name] = (parts[name] ?? 0) + now - last;
  last = performance.now();
}

/** What `import()` does in one go; it needs `--experimental-vm-modules`. */
async function evaluated() {
  const modules = new Map();
  const make = (url) => {
    const known = modules.get(url.href);
    if (known) return known;
    const text = readFileSync(url, "utf8");
    mark("read");
    const module = new vm.SourceTextModule(text, { identifier: url.href });
    modules.set(url.href, module);
    mark("parse");
    return module;
  };
  const whole = make(new URL(file));
  await whole.link((name, { identifier }) => make(new URL(name, identifier)));
  mark("link");
  await whole.evaluate();
  mark("evaluate");
}

/** The library, or a bundle of it. */
async function library() {
  const { lstm, sequential, tensor, runtime } = await import(file);
  mark("load");
  const model = sequential({ layers: [lstm({ units: layers[0].units })] });
  model.build([null, null, inputShape[2]]);
  model.layers[0].setWeights(layers[0].weights.map(({ shape, data }) => tensor(data, shape)));
  mark("make");
  runtime();
  mark("kernels");
  const { data } = model.predict(tensor(input, inputShape));
  mark("first");
  return data;
}

/** The same kernels without the library: what no code of it can take away. */
function byHand() {
  const [, timesteps, inputDim] = inputShape;
  const { units, weights } = layers[0];
  const module = new WebAssembly.Module(readFileSync(new URL(file)));
  const { memory, heapBase, packPanels, sequence, sequenceScratch } = new WebAssembly.Instance(module).exports;
  mark("kernels");
  let top = Math.ceil(heapBase.value / 64) * 64;
  const place = (floats) => {
    const at = top;
    top += Math.ceil(floats / 16) * 64;
    if (top > memory.buffer.byteLength) memory.grow(Math.ceil((top - memory.buffer.byteLength) / 65536));
    return at;
  };
  const put = (values) => {
    const at = place(values.length);
    new Float32Array(memory.buffer, at).set(values);
    return at;
  };
  const gates = 4;
  const panel = 8 * (inputDim + units);
  const [packed, bias, h, c, y] = [(units / 8) * gates * panel, gates * units, units, units, units].map(place);
  const [kernel, recurrent, biasGiven] = weights.map(({ data }) => data);
  const [atKernel, atRecurrent] = [put(kernel), put(recurrent)];
  for (let gate = 0; gate < gates; gate++) {
    const [from, to] = [4 * gate * units, packed + 4 * gate * panel];
    packPanels(atKernel + from, gates * units, inputDim, units, to, gates * panel);
    packPanels(atRecurrent + from, gates * units, units, units, to + 32 * inputDim, gates * panel);
    const at = new Float32Array(memory.buffer, bias);
    for (let k = 0; k < units; k++) at[((k >> 3) * gates + gate) * 8 + (k & 7)] = biasGiven[gate * units + k];
  }
  const scratch = place(sequenceScratch(gates, 1, inputDim, units) >> 2);
  const [x, pass] = [put(input), place(31)];
  const [TANH, SIGMOID] = [1, 2];
  const words = [x, inputDim, timesteps * inputDim, y, 0, units, timesteps, 1, inputDim, units, packed, bias, h, c];
  words.push(0, 1, timesteps, 0, scratch, 0, TANH, 0, 0, SIGMOID, 0, 0, TANH, 0, 0, 0, 0);
  new Int32Array(memory.buffer, pass).set(words);
  sequence(pass, gates);
  const data = new Float32Array(memory.buffer, y, units).slice();
  mark("first");
  return data;
}

if (way === "build") parts.build = (await import(file)).runtime().build;
else if (way === "parse") await evaluated();
else {
  const got = way === "library" ? await library() : byHand();
  const worst = expected.reduce((most, wanted, k) => Math.max(most, Math.abs(wanted - got[k])), 0);
  if (!(worst < 1e-4)) throw new Error(`expected the answer of L1, got one that differs by ${worst}`);
}
process.stdout.write(`${JSON.stringify(parts)}\n`, () => process.exit());

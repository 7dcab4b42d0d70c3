/** LiteRT.js on the CPU, one thread, with the faster of the .tflite files that there are of a workload. */

import { loadAndCompile, loadLiteRt, Tensor } from "@litertjs/core";
import { litertFolder } from "#host";
import { Timed } from "../timing.mjs";

export async function load(workload, read) {
  await loadLiteRt(await litertFolder());
  const runners = [];
  for (const variant of ["keras", "unrolled"]) {
    const file = await read(`${workload.name}.${variant}.tflite`).catch(() => undefined);
    if (!file) continue;
    runners.push({ ...runner(await loadAndCompile(file, { accelerator: "wasm" }), workload), variant });
  }
  if (runners.length === 0) throw new Error(`no .tflite file of ${workload.name}`);
  return runners.length === 1 ? runners[0] : faster(runners, workload);
}

async function faster(runners, workload) {
  const seconds = [];
  for (const one of runners) {
    const timed = new Timed(workload, one);
    await timed.check();
    seconds.push((await timed.check()).seconds);
  }
  return runners[seconds.indexOf(Math.min(...seconds))];
}

function runner(compiled, { input, inputShape, stream, layers }) {
  const once = async (arrays) => {
    const given = arrays.map(([data, shape]) => new Tensor(data, shape));
    const results = await compiled.run(given);
    const outputs = results.map((result) => result.toTypedArray().slice());
    for (const tensor of [...given, ...results]) tensor.delete();
    return outputs;
  };
  if (!stream) return { run: async () => (await once([[input, inputShape]]))[0] };
  const { kind, units } = layers[0];
  let states;
  const reset = () => {
    states = Array.from({ length: kind === "LSTM" ? 2 : 1 }, () => new Float32Array(units));
  };
  reset();
  const run = async () => {
    states = await once([[input, [1, inputShape[2]]], ...states.map((state) => [state, [1, units]])]);
    return states[0];
  };
  return { reset, run };
}

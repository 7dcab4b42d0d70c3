/**
 * What whole models save, each beside the same work without it: tables of embeddings, timesteps that are padding,
 * memory for results; and what the smallest call takes. Answers are compared before and after.
 */

import { dense } from "../src/layers/dense";
import type { Layer, Result } from "../src/layers/layer";
import { masking } from "../src/layers/masking";
import { Plans } from "../src/layers/plans";
import { gru } from "../src/layers/recurrent/gru";
import { lstm } from "../src/layers/recurrent/lstm";
import { sequential } from "../src/models/sequential";
import { Tensor } from "../src/tensor";
import { newEngine } from "../src/wasm/engine";
import { roofline } from "./compile_roofline";
import { modelOf } from "./network";
import { chosenBuild } from "./networks";
import { type Row, report } from "./report";
import { type Contestant, rounds, type Timing } from "./rounds";
import { mustBeSame } from "./same";
import { seeded } from "./seeded";
import { WORKLOADS, type Workload } from "./shapes";

const ROUNDS = 9;
const TIMESTEPS = 100;
const FEATURES = 64;
const UNITS = 128;

/** A way to do something, and what it is compared with. */
interface Saving extends Contestant {
  readonly what: string;
  /** @throws when its answer is wrong. */
  check(): void;
}

const build = chosenBuild();

/** The embedding folded into the input product, and not. */
function tables(name: string): Saving[] {
  const { model, x } = modelOf(WORKLOADS[name] as Workload);
  const wanted = (model.predict(x) as Tensor).data;
  const ways = { "with its table": {}, "without a table": { tableBytes: 0 } };
  return Object.entries(ways).map(([what, options]) => {
    const engine = newEngine({ build, ...options });
    const plans = new Plans(model);
    const run = () => (model.runBy(plans, engine, [x])[0] as Tensor).data;
    return { name: `${name}, ${what}`, what, run, check: () => mustBeSame(name, run(), wanted) };
  });
}

/** Rows of all lengths, half of the timesteps padding, and the same layer without padding. */
function padded(kind: "LSTM" | "GRU", batch: number): Saving[] {
  const layer: Layer<Result> = kind === "LSTM" ? lstm({ units: UNITS }) : gru({ units: UNITS });
  const m = sequential({ layers: [masking({ inputShape: [null, FEATURES] }), layer] });
  const whole = seeded([batch, TIMESTEPS, FEATURES], 5, 1);
  const half = whole.data.slice() as Float32Array;
  const lengthOf = (row: number) => Math.round((TIMESTEPS * (row + 0.5)) / batch);
  for (let row = 0; row < batch; row++) {
    half.fill(0, (row * TIMESTEPS + lengthOf(row)) * FEATURES, (row + 1) * TIMESTEPS * FEATURES);
  }
  const ways = { "half padding": new Tensor(whole.shape, "float32", half), "no padding": whole };
  return Object.entries(ways).map(([what, x]) => {
    const out = new Float32Array(batch * UNITS);
    const length = what === "half padding" ? lengthOf(0) : TIMESTEPS;
    const first = new Tensor([1, length, FEATURES], "float32", x.data.slice(0, length * FEATURES));
    const check = () =>
      mustBeSame(what, (m.predict(x) as Tensor).data.subarray(0, UNITS), (m.predict(first) as Tensor).data);
    return { name: `${kind} B${batch}, ${what}`, what, run: () => void m.predict(x, { out }), check };
  });
}

/** A dense layer on one number: what a call costs by itself. */
function calls(units: number): Saving[] {
  const m = sequential({ layers: [dense({ units, inputShape: [1] })] });
  const x = seeded([1, 1], 3, 1);
  const out = new Float32Array(units);
  const wanted = (m.predict(x) as Tensor).data;
  const check = () => mustBeSame("dense", (m.predict(x, { out }) as Tensor).data, wanted);
  const name = `predict, ${units} ${units === 1 ? "number" : "numbers"}`;
  return [
    { name: `${name}, into \`out\``, what: "into `out`", run: () => void m.predict(x, { out }), check },
    { name: `${name}, new`, what: "new", run: () => void m.predict(x), check },
  ];
}

const pairs = [
  ...["E2E1", "E2E64"].map(tables),
  ...(["LSTM", "GRU"] as const).flatMap((kind) => [1, 4, 32, 64].map((batch) => padded(kind, batch))),
  ...[1, 64].map(calls),
];
const checkAll = () => {
  for (const { check } of pairs.flat()) check();
};
const roof = await roofline(build);
const arithmetic = await rounds("roofline", [roof.arithmetic], ROUNDS);
checkAll();
const rows: Row[] = [];
// Two by two: a processor that others use too is faster and slower by a third, for seconds.
for (const pair of pairs) {
  const timings = await rounds("savings", pair, ROUNDS);
  rows.push(...pair.map(({ name, what }): Row => ({ name, what, ...(timings.get(name) as Timing) })));
}
checkAll();
const best = roof.arithmetic.flops / (arithmetic.get("roofline") as Timing).best / 1e9;
report({ suite: "savings", build, rounds: ROUNDS, roofline: best, rows });

/** A process of bench/rivals/cold.mjs: seconds of recurra's first call, of those after a warm-up, and of later ones. */

import { load } from "./contestants/recurra.mjs";
import { read } from "./host_node.mjs";
import { median } from "./timing.mjs";
import { readWorkload } from "./workload.mjs";

const NEXT = 20;
const LATER = 2000;

const { run, warmup } = await load(await readWorkload(process.argv[2], read));
const time = () => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1e3;
};
const first = time();
warmup();
const next = median(Array.from({ length: NEXT }, time));
const until = performance.now() + LATER;
while (performance.now() < until) run();
console.log(JSON.stringify({ first, next, later: median(Array.from({ length: NEXT }, time)) }));

/** The page of bench/rivals/first_prediction.mjs: from the navigation to the first number. */

import { read } from "./host_page.mjs";
import { readWorkload } from "./workload.mjs";

const query = new URLSearchParams(location.search);
const contestant = query.get("contestant");

/** A page has one file of its model: the one that the converter writes. */
const readOne = (file) => (file.includes(".unrolled.") ? Promise.reject(new Error("not here")) : read(file));

async function first() {
  const workload = await readWorkload(query.get("workload"), read);
  if (!contestant) return { milliseconds: performance.now(), worst: 0 };
  const module = await import(`/build/rivals/pages/${contestant}.js`);
  const { run, expected = workload.expected } = await module.load(workload, readOne);
  const got = await run();
  const milliseconds = performance.now(); // counted from the start of the navigation
  const worst = expected.reduce((most, wanted, k) => Math.max(most, Math.abs(wanted - got[k])), 0);
  return { milliseconds, worst };
}

window.first = first().catch((error) => ({ error: String(error?.stack ?? error) }));

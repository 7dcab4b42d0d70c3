/** Answers the orders of bench/rivals/run.mjs for one contestant, in Node or in a page. */

import { Timed } from "./timing.mjs";
import { readWorkload } from "./workload.mjs";

/** @returns A function from an order to its answer; the first order is `load`. */
export function answering(module, read) {
  let timed;
  const orders = {
    async load({ workload }) {
      const described = await readWorkload(workload, read);
      const contestant = await module.load(described, read);
      timed = new Timed(described, contestant);
      return { info: [module.info?.(), contestant.variant].filter(Boolean).join(", ") };
    },
    check: () => timed.check(),
    time: async ({ seconds }) => ({ seconds: await timed.time(seconds) }),
    memory: async () => ({ bytes: globalThis.process?.resourceUsage().maxRSS * 1024 || null }),
  };
  return async (order) => orders[order.order](order);
}

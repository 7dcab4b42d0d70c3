/** One contestant: prepares a workload, proves its answer, and runs it for a while when told. */

import { CONTESTANTS, type ContestantName, type Prepared } from "./contestant";
import { referenceRow } from "./reference";
import { WORKLOADS, type Workload } from "./workloads";

export type Order =
  | { readonly kind: "prepare"; readonly contestant: ContestantName; readonly workload: string }
  | { readonly kind: "run"; readonly seconds: number };

/** `seconds` a call; `worst`: the largest difference from the float64 answer. */
export type Reply =
  | { readonly kind: "done"; readonly seconds: number; readonly worst: number; readonly resetBefore: boolean }
  | { readonly kind: "failed"; readonly message: string };

/** Until compilers have done their best. */
const WARM_UP = 0.15;

let prepared: Prepared | undefined;

/** The largest difference in the first and the last row of the batch; NaN counts as infinite. */
async function worstOf({ run, reset, resetBefore = false }: Prepared, workload: Workload): Promise<number> {
  reset?.();
  const got = await run();
  const width = got.length / workload.batch;
  let worst = 0;
  for (const row of new Set([0, workload.batch - 1])) {
    referenceRow(workload, row, resetBefore).forEach((wanted, k) => {
      const difference = Math.abs(wanted - (got[row * width + k] as number));
      worst = difference <= worst ? worst : Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    });
  }
  return worst;
}

async function repeat({ run }: Prepared, seconds: number): Promise<number> {
  const start = performance.now();
  const end = start + 1000 * seconds;
  let calls = 0;
  let now = start;
  while (now < end) {
    // Short calls go in handfuls, so that the clock is not what is measured.
    for (const until = calls + Math.max(1, Math.min(64, calls)); calls < until; calls++) {
      const result = run();
      if (result instanceof Promise) await result;
      if (calls < 4 || calls % 8 === 0) now = performance.now();
      if (now > end) {
        calls++;
        break;
      }
    }
    now = performance.now();
  }
  return (now - start) / 1000 / calls;
}

export async function obey(order: Order): Promise<Reply> {
  if (order.kind === "prepare") {
    const { prepare } = await CONTESTANTS[order.contestant].load();
    const workload = WORKLOADS.find(({ name }) => name === order.workload) as Workload;
    prepared = await prepare(workload);
    const worst = await worstOf(prepared, workload);
    await repeat(prepared, WARM_UP);
    return { kind: "done", seconds: 0, worst, resetBefore: prepared.resetBefore ?? false };
  }
  if (!prepared) throw new Error("racer: expected to be prepared first");
  return { kind: "done", seconds: await repeat(prepared, order.seconds), worst: 0, resetBefore: false };
}

/** A thread of scripts/fuzz.mjs: tries one file after another, and says what became of them. */
import { parentPort, workerData } from "node:worker_threads";
import { type Outcome, trial } from "./trial";

/** Files between two reports. */
const REPORT = 500;

const { format, seed, end, progress, mostMegabytes } = workerData as {
  format: string;
  seed: number;
  end: number;
  /** The file that is tried, for whoever watches. */
  progress: Int32Array;
  mostMegabytes: number;
};

let outcomes: Partial<Record<Outcome, number>> = {};
let allowed = mostMegabytes;
for (let at = seed; at < end; at++) {
  progress[0] = at;
  try {
    const outcome = await trial(format, at);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  } catch (error) {
    parentPort?.postMessage({ seed: at, finding: error instanceof Error ? error.stack : String(error) });
  }
  const megabytes = Math.ceil(process.resourceUsage().maxRSS / 1024);
  if (megabytes > allowed) {
    parentPort?.postMessage({ seed: at, finding: `${megabytes} MB of memory` });
    allowed = 2 * megabytes;
  }
  if ((at + 1) % REPORT !== 0 && at + 1 < end) continue;
  parentPort?.postMessage({ outcomes, megabytes });
  outcomes = {};
}

/** The race: contestants in workers of their own, one at a time, in rounds whose order rotates; medians count. */

import { CONTESTANTS, type ContestantName, CONTESTANT_NAMES as NAMES } from "./contestant";
import type { Order, Reply } from "./racer";
import Racer from "./racer.worker.ts?worker";

export interface Result {
  readonly workload: string;
  readonly contestant: ContestantName;
  /** Median over the rounds, a call; null where it failed. */
  readonly seconds: number | null;
  /** The largest difference from the float64 answer. */
  readonly worst: number;
  readonly note: string;
}

export interface RaceOptions {
  readonly workloads: readonly string[];
  readonly rounds: number;
  /** How long each contestant runs in each round. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly onStep: (what: string, share: number) => void;
  readonly onResult: (result: Result) => void;
}

/** A larger difference is a wrong answer. */
const CLOSE = 1e-4;

function ask(worker: Worker, order: Order, signal: AbortSignal): Promise<Reply> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Reply>) => resolve(data);
    worker.onerror = ({ message }) => resolve({ kind: "failed", message: message || "the worker did not start" });
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    worker.postMessage(order);
  });
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

export async function race({ workloads, rounds, seconds, signal, onStep, onResult }: RaceOptions): Promise<void> {
  const workers = NAMES.map(() => new Racer());
  try {
    for (const [done, workload] of workloads.entries()) {
      const share = (part: number) => (done + part) / workloads.length;
      const ready: (Reply & { kind: "done" })[] = [];
      const times = NAMES.map((): number[] => []);
      let running: number[] = [];
      const fail = (contestant: ContestantName, note: string) =>
        onResult({ workload, contestant, seconds: null, worst: Number.NaN, note });
      for (const [k, contestant] of NAMES.entries()) {
        onStep(`${workload}: ${CONTESTANTS[contestant].title} gets ready`, share(k / 6));
        const reply = await ask(workers[k] as Worker, { kind: "prepare", contestant, workload }, signal);
        const failed = reply.kind === "failed" ? reply.message : reply.worst > CLOSE ? "its answer is wrong" : null;
        if (failed) fail(contestant, failed);
        else if (reply.kind === "done") {
          ready[k] = reply;
          running.push(k);
        }
      }
      for (let round = 0; round < rounds; round++) {
        onStep(`${workload}: round ${round + 1} of ${rounds}`, share(0.5 + round / rounds / 2));
        const turn = round % Math.max(1, running.length);
        for (const k of [...running.slice(turn), ...running.slice(0, turn)]) {
          const reply = await ask(workers[k] as Worker, { kind: "run", seconds }, signal);
          if (reply.kind === "done") times[k]?.push(reply.seconds);
          else {
            running = running.filter((other) => other !== k);
            fail(NAMES[k] as ContestantName, reply.message);
          }
        }
      }
      for (const k of running) {
        const { worst, resetBefore } = ready[k] as Reply & { kind: "done" };
        const note = resetBefore ? "reset_after=false" : "";
        onResult({
          workload,
          contestant: NAMES[k] as ContestantName,
          seconds: median(times[k] as number[]),
          worst,
          note,
        });
      }
    }
  } finally {
    for (const worker of workers) worker.terminate();
  }
}

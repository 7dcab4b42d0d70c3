import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { WorkerEvents } from "../../src/platform/worker_host";
import { Crew, type Job } from "../../src/throughput/crew";

/** What was done to the workers, in order, and what they can say. */
const done = vi.hoisted(() => [] as string[]);
const events = vi.hoisted(() => [] as WorkerEvents[]);

vi.mock("#platform", () => ({
  startWorker(_script: unknown, heard: WorkerEvents) {
    events.push(heard);
    return {
      post: () => done.push("post"),
      hold: (isBusy: boolean) => done.push(isBusy ? "hold" : "let go"),
      terminate: async () => void done.push("terminate"),
    };
  },
}));

const MAX_START_MS = 60_000;

/** A crew of workers that say what the test has them say. */
function crewOf(threads: number) {
  const order = { kind: "run", inputs: [] } as const;
  const crew = new Crew("pool", () => order, undefined, undefined, threads, MAX_START_MS);
  return { crew, started: crew.start(), workers: [...events] as [WorkerEvents, ...WorkerEvents[]] };
}

beforeEach(() => {
  vi.useFakeTimers();
  done.length = events.length = 0;
});
afterEach(() => void vi.useRealTimers());

it("gives up when no worker has said hello in time", async () => {
  const { started } = crewOf(2);
  vi.advanceTimersByTime(MAX_START_MS - 1);
  expect(done).toEqual(["post", "post"]);
  vi.advanceTimersByTime(1);
  const expected = "recurra/worker as the workers' script";
  await expect(started).rejects.toMatchObject({ code: "worker", expected, got: "nothing said in 60000 ms" });
  expect(done).toEqual(["post", "post", "terminate", "terminate"]);
  expect(vi.getTimerCount()).toBe(0);
});

it("waits for the model as long as it takes, and for other workers, when one has said hello", async () => {
  const { started, workers } = crewOf(2);
  workers[0].message({ kind: "hello" });
  vi.advanceTimersByTime(10 * MAX_START_MS);
  for (const { message } of workers) message({ kind: "ready" });
  await started;
  expect(done).not.toContain("terminate");
  expect(vi.getTimerCount()).toBe(0);
});

it("keeps the process for a worker that is being ended, also when its last answer comes then", async () => {
  const {
    crew,
    started,
    workers: [worker],
  } = crewOf(1);
  worker.message({ kind: "hello" });
  worker.message({ kind: "ready" });
  await started;
  const job: Job = {
    isOver: false,
    inputs: [],
    done: vi.fn(),
    refused: vi.fn(),
    failed: vi.fn(),
    free: vi.fn(),
    deaths: 0,
  };
  crew.add(job);
  const ended = crew.end();
  worker.message({ kind: "result", outputs: [], ms: 1 });
  await ended;
  expect(done).toEqual(["post", "let go", "hold", "post", "terminate"]);
  expect(job.done).not.toHaveBeenCalled();
});

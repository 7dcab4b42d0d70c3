import { expect, it, vi } from "vitest";
import type { WorkerEvents } from "../../src/platform/worker_host";
import { Crew } from "../../src/throughput/crew";

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

it("keeps the process for a worker that is being ended, also when its last answer comes then", async () => {
  const order = { kind: "run", inputs: [] } as const;
  const crew = new Crew("pool", () => order, undefined, undefined, 1);
  const started = crew.start();
  const [worker] = events as [WorkerEvents];
  worker.message({ kind: "ready" });
  await started;
  const job = { isOver: false, inputs: [], done: vi.fn(), refused: vi.fn(), failed: vi.fn(), deaths: 0 };
  crew.add([job]);
  const ended = crew.end();
  worker.message({ kind: "result", outputs: [], ms: 1 });
  await ended;
  expect(done).toEqual(["post", "let go", "hold", "post", "terminate"]);
  expect(job.done).not.toHaveBeenCalled();
});

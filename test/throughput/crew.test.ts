import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
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

const RESULT = { kind: "result", outputs: [], ms: 1 };
const FAILURE = { kind: "failure", error: { code: "argument", where: "w", expected: "e", got: "g", details: {} } };

async function crewOfOne(): Promise<{ crew: Crew; worker: WorkerEvents }> {
  const { crew, started, workers } = crewOf(1);
  workers[0].message({ kind: "hello" });
  workers[0].message({ kind: "ready" });
  await started;
  return { crew, worker: workers[0] };
}

/** A job that notes what became of it. */
function newJob(isOver = false): Job & { readonly heard: string[] } {
  const heard: string[] = [];
  const note = (what: string) => () => void heard.push(what);
  const named = { done: note("done"), refused: note("refused"), failed: note("failed"), free: note("free") };
  return { isOver, inputs: [], deaths: 0, heard, ...named };
}

/** The worker that came last. */
const last = () => events.at(-1) as WorkerEvents;

it("keeps the process for a worker that is being ended, also when its last answer comes then", async () => {
  const { crew, worker } = await crewOfOne();
  const job = newJob();
  crew.add(job);
  const ended = crew.end();
  worker.message(RESULT);
  await ended;
  expect(done).toEqual(["post", "let go", "hold", "post", "terminate"]);
  expect(job.heard).toEqual([]);
});

describe("the inputs of a job are freed once,", () => {
  it.each([
    ["done", RESULT],
    ["refused", FAILURE],
  ])("after it was %s", async (how, report) => {
    const { crew, worker } = await crewOfOne();
    const job = newJob();
    crew.add(job);
    expect(job.heard).toEqual([]);
    worker.message(report);
    expect(job.heard).toEqual([how, "free"]);
  });

  it("when nobody waits for it any more before a worker has it", async () => {
    const { crew, worker } = await crewOfOne();
    const jobs = [newJob(), newJob(true), newJob()];
    for (const job of jobs) crew.add(job);
    worker.message(RESULT);
    worker.message(RESULT);
    expect(jobs.map(({ heard }) => heard)).toEqual([["done", "free"], ["free"], ["done", "free"]]);
  });

  it("when three workers have died of it, and not before", async () => {
    const { crew } = await crewOfOne();
    const [job, next] = [newJob(), newJob()];
    crew.add(job);
    crew.add(next);
    for (let deaths = 0; deaths < 3; deaths++) {
      expect(job.heard).toEqual([]);
      last().died("killed");
      last().message({ kind: "ready" });
    }
    expect(job.heard).toEqual(["failed", "free"]);
    last().message(RESULT);
    expect(next.heard).toEqual(["done", "free"]);
  });

  it("when no worker can be had", async () => {
    const { crew } = await crewOfOne();
    const [job, waits] = [newJob(), newJob()];
    crew.add(job);
    crew.add(waits);
    for (let deaths = 0; deaths < 4; deaths++) last().died("never ready");
    const late = newJob();
    crew.add(late);
    for (const { heard } of [job, waits, late]) expect(heard).toEqual(["failed", "free"]);
  });
});

it("gives the job of a worker that died to the next one, whose answer alone counts", async () => {
  const { crew, worker } = await crewOfOne();
  const job = newJob();
  crew.add(job);
  worker.died("killed");
  last().message({ kind: "ready" });
  worker.message(RESULT);
  expect(job.heard).toEqual([]);
  last().message(RESULT);
  expect(job.heard).toEqual(["done", "free"]);
});

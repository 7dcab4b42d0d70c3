/** The workers of a pool: started, given work, replaced when they die, and ended. */

import { startWorker } from "#platform";
import { type RecurraError, show, WorkerError } from "../errors";
import type { Slots } from "../wasm/slots";
import { errorOf, type Order, type PlainError, type PlainTensor, type Report } from "./messages";

/** A piece of work. */
export interface Job {
  /** Nobody waits for it any more. */
  readonly isOver: boolean;
  readonly inputs: readonly PlainTensor[];
  /** @param ms What it took. */
  done(outputs: readonly PlainTensor[], ms: number): void;
  refused(error: PlainError): void;
  failed(error: RecurraError): void;
  /** No worker reads its inputs any more. */
  free(): void;
  /** How many workers have died of it. */
  deaths: number;
}

interface Member {
  /** Which of the workers it is; one in the place of another has its number. */
  readonly number: number;
  readonly handle: ReturnType<typeof startWorker>;
  isReady: boolean;
  job: Job | undefined;
}

/** Workers that may die of one job; and in a row before they are ready. */
const MAX_DEATHS = 3;

/** What every script but `recurra/worker` is told. */
const SCRIPT = "recurra/worker as the workers' script";

export class Crew {
  private readonly members = new Set<Member>();
  private jobs: Job[] = [];
  private stillborn = 0;
  private isEnding = false;
  private broken: RecurraError | undefined;
  /** Runs until a worker says hello: the script is then known to be the right one, however slow the others are. */
  private silence: ReturnType<typeof setTimeout> | undefined;
  private isScriptKnown = false;
  private onReady: { resolve(): void; reject(reason: unknown): void }[] = [];

  constructor(
    private readonly where: string,
    private readonly model: (worker: number) => Order,
    private readonly slots: Slots | undefined,
    private readonly script: string | URL | undefined,
    private readonly threads: number,
    /** Milliseconds in which one of them has to say hello. */
    private readonly maxStartMs: number,
  ) {}

  /** Starts all workers; resolves when they have the model. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.onReady.push({ resolve, reject });
      const said = `nothing said in ${this.maxStartMs} ms`;
      this.silence = setTimeout(() => this.break(new WorkerError(this.where, SCRIPT, said)), this.maxStartMs);
      for (let k = 0; k < this.threads; k++) this.hire(k);
    });
  }

  add(job: Job): void {
    this.jobs.push(job);
    if (this.broken) this.break(this.broken);
    else this.assign();
  }

  /** Ends all workers. */
  async end(): Promise<void> {
    this.isEnding = true;
    clearTimeout(this.silence);
    await Promise.all([...this.members].map(({ handle }) => handle.terminate()));
  }

  private hire(number: number): void {
    if (this.broken) return;
    try {
      const handle = startWorker(this.script, {
        message: (message) => this.report(member, message as Report),
        died: (cause) => this.bury(member, cause),
      });
      const member: Member = { number, handle, isReady: false, job: undefined };
      this.members.add(member);
      this.post(member, this.model(number));
    } catch (cause) {
      this.break(new WorkerError(this.where, "a worker that starts", String(cause), { cause }));
    }
  }

  private post({ handle, number }: Member, order: Order): void {
    this.slots?.mail(number);
    handle.post(order);
  }

  /** Gives the oldest jobs to those who have none. */
  private assign(): void {
    for (const member of this.members) {
      if (!member.isReady || member.job) continue;
      member.job = this.next();
      member.handle.hold(member.job !== undefined);
      if (member.job) this.post(member, { kind: "run", inputs: member.job.inputs });
    }
  }

  private next(): Job | undefined {
    for (let job = this.jobs.shift(); job; job = this.jobs.shift()) {
      if (!job.isOver) return job;
      job.free();
    }
    return undefined;
  }

  private report(member: Member, report: Report): void {
    if (this.isEnding) return; // the process must stay for it until it has ended, although it has no work
    if (!this.members.has(member)) return; // another has its work and its memory
    if (!this.isScriptKnown) this.greet(report);
    if (this.broken || report.kind === "hello") return;
    const { job } = member;
    member.job = undefined;
    if (report.kind === "failure" && !member.isReady) this.break(errorOf(report.error));
    else if (report.kind === "ready") {
      member.isReady = true;
      this.stillborn = 0;
      if ([...this.members].every(({ isReady }) => isReady))
        for (const { resolve } of this.onReady.splice(0)) resolve();
    } else if (report.kind === "result") job?.done(report.outputs, report.ms);
    else job?.refused(report.error);
    job?.free();
    this.assign();
  }

  /** The first that is heard of any worker. */
  private greet(report: Report): void {
    this.isScriptKnown = report?.kind === "hello"; // the script may be anyone's and say anything
    if (this.isScriptKnown) clearTimeout(this.silence);
    else this.break(new WorkerError(this.where, SCRIPT, `one whose first message is ${show(report)}`));
  }

  /** A worker has died: another takes its place and its job. */
  private bury(member: Member, cause: unknown): void {
    this.members.delete(member);
    this.slots?.clear(member.number);
    if (this.isEnding || this.broken) return;
    const { job, isReady } = member;
    const error = () => new WorkerError(this.where, "a worker that lives", String(cause), { cause });
    if (!isReady) this.stillborn++;
    if (this.stillborn >= MAX_DEATHS) this.break(error());
    else if (job && ++job.deaths >= MAX_DEATHS) fail(job, error());
    else if (job) this.jobs.unshift(job);
    this.hire(member.number);
  }

  /** Gives up: no worker can be had. */
  private break(error: RecurraError): void {
    this.broken = error;
    for (const { reject } of this.onReady.splice(0)) reject(error);
    const jobs = [...this.jobs, ...[...this.members].flatMap(({ job }) => job ?? [])];
    this.jobs = [];
    for (const job of jobs) fail(job, error);
    void this.end();
  }
}

function fail(job: Job, error: RecurraError): void {
  job.failed(error);
  job.free();
}

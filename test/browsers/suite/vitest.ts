/** What the test files import as `vitest`, in a page: its runner and its assertions. */
import { chai, GLOBAL_EXPECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend, setState } from "@vitest/expect";
import { type File, startTests, type Task, type VitestRunner } from "@vitest/runner";
import { fn, spyOn } from "@vitest/spy";

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from "@vitest/runner";

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
export const vi = { fn, spyOn };
export const expect = chai.expect;
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect });
setState({ assertionCalls: 0, expectedAssertionsNumber: null }, expect as never);

/** How many tests ended how, and what the failed ones said. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
}

/**
 * Runs test files.
 *
 * @param files Path → what imports it.
 * @param left The tests to skip, by their full names.
 */
export async function run(files: Readonly<Record<string, () => Promise<unknown>>>, left: RegExp): Promise<Counts> {
  const runner: VitestRunner = {
    config: {
      root: "/",
      setupFiles: [],
      name: "page",
      passWithNoTests: false,
      testNamePattern: undefined,
      allowOnly: false,
      sequence: { seed: 1, hooks: "stack", setupFiles: "list", shuffle: false, concurrent: false },
      maxConcurrency: 1,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      retry: 0,
      includeTaskLocation: false,
      chaiConfig: undefined,
      diffOptions: undefined,
    } as unknown as VitestRunner["config"],
    pool: "page",
    importFile: (path) => files[path]?.(),
    onBeforeRunTask(test) {
      if (left.test(test.fullName)) test.mode = "skip";
    },
  };
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] as string[] };
  for (const file of await startTests(Object.keys(files), runner)) count(file, counts);
  return counts;
}

function count(task: Task | File, counts: { -readonly [K in keyof Counts]: Counts[K] } & { failures: string[] }): void {
  const { state, errors = [] } = task.result ?? {};
  if (task.type === "test") {
    if (state === "pass") counts.passed++;
    else if (state === "fail") counts.failed++;
    else counts.skipped++;
  }
  for (const { message } of errors) counts.failures.push(`${task.fullName ?? task.name}: ${message}`);
  if (task.type === "suite") for (const child of task.tasks) count(child, counts);
}

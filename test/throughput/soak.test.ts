/** The soak script, for a short while; the long run is `node scripts/soak_throughput.mjs`. */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { workerBundle } from "../../bench/worker_bundle";

const CALLS = 40_000;

it("answers every call exactly once and right, whoever aborts and whatever dies", async () => {
  const worker = fileURLToPath(await workerBundle({ index: "src/index.ts" }));
  const library = worker.replace(/worker\.mjs$/, "index.mjs");
  const args = ["scripts/soak_throughput.mjs", "--calls", `${CALLS}`, "--seed", "7"];
  const { stdout } = await promisify(execFile)("node", [...args, "--library", library, "--worker", worker]);
  const counts = JSON.parse(/\{.*\}/.exec(stdout)?.[0] ?? "{}");
  expect(stdout).toContain(`${CALLS} calls, seed 7`);
  for (const kind of ["right", "aborted", "refused", "busy", "killed"]) expect(counts[kind], kind).toBeGreaterThan(0);
});

/** The README says what each loader costs a page, and no reader comes before its first file. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("is what scripts/loader_sizes.mjs measures, within a tenth", () => {
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const { status, stderr } = spawnSync("node", ["scripts/loader_sizes.mjs", "--check"], { cwd, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});

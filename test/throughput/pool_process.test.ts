/** A process of its own with a pool: it ends by itself, whatever its workers wait for. */

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { workerBundle } from "../../bench/worker_bundle";

let worker: URL;
beforeAll(async () => {
  worker = await workerBundle({ library: "src/index.ts" });
});

it.each([
  ["that was closed", "await pool.close();"],
  ["that is idle", ""],
  ["whose workers sleep", "await new Promise((resolve) => setTimeout(resolve, 300));"],
])("ends with a pool %s", (_, end) => {
  const script = join(fileURLToPath(worker), "../main.mjs");
  const text = `
    import { createPool, layers, sequential } from "./library.mjs";
    const model = sequential({ layers: [layers.lstm({ units: 64, inputShape: [null, 3] })] });
    model.build([null, null, 3]);
    const pool = await createPool(model, { threads: 2, worker: new URL("./worker.mjs", import.meta.url) });
    const row = Array.from({ length: 30 }, (_, k) => [k / 30, 0, 1]);
    for (let k = 0; k < 20; k++) await pool.predict([row]);
    const [one, many] = await Promise.all([pool.predict([row]), pool.predict(Array(40).fill(row))]);
    ${end}
    console.log(one.shape.join(), many.shape.join(), one.data[5] === many.data[39 * 64 + 5]);`;
  writeFileSync(script, text);
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { timeout: 60_000, encoding: "utf8" });
  expect({ stdout, stderr, status }).toEqual({ stdout: "1,64 40,64 true\n", stderr: "", status: 0 });
});

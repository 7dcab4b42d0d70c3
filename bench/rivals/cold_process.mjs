/** A process of bench/rivals/cold.mjs: reads the workload's file and, with a contestant, makes the first prediction. */

import { read } from "./host_node.mjs";
import { readWorkload } from "./workload.mjs";

const [workload, contestant] = process.argv.slice(2);
const described = await readWorkload(workload, read);
const start = performance.now();
if (contestant) {
  const module = await import(`./contestants/${contestant}.mjs`);
  const { run } = await module.load(described, read);
  await run();
}
process.stdout.write(`${performance.now() - start}\n`, () => process.exit());

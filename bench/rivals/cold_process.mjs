/** A process of bench/rivals/cold.mjs: reads the workload's file and, with a program, makes the first prediction. */

import { read } from "./host_node.mjs";
import { readWorkload } from "./workload.mjs";

const [workload, program] = process.argv.slice(2);
const described = await readWorkload(workload, read);
const start = performance.now();
if (program) {
  const { load } = await import(program);
  const { run } = await load(described, read);
  await run();
}
process.stdout.write(`${performance.now() - start}\n`, () => process.exit());

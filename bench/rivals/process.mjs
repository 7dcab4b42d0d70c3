/** A contestant in a process of its own: node process.mjs NAME; orders and answers are lines of JSON. */

import { createInterface } from "node:readline";
import { answering } from "./answer.mjs";
import { read } from "./host_node.mjs";

console.log = console.error; // standard output is for answers
const answer = answering(await import(`./contestants/${process.argv[2]}.mjs`), read);
for await (const line of createInterface({ input: process.stdin })) {
  const result = await answer(JSON.parse(line)).catch((error) => ({ error: String(error?.stack ?? error) }));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
process.exit();

/**
 * Scores windows of ids, one a line, by onnxruntime-node on two threads; compares with what `recurra predict` wrote.
 *
 *     node windows.mjs build/dna.onnx windows.jsonl guesses.npy
 *
 * The files are made by make.py and examples/dna_next_base/bulk.mjs.
 */
import { readFile } from "node:fs/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { tensorFromNpy } from "recurra";

const [model, lines, guesses] = process.argv.slice(2);
const BATCH = 1024;
const session = await InferenceSession.create(model, { intraOpNumThreads: 2, graphOptimizationLevel: "all" });
const windows = (await readFile(lines, "utf8")).trimEnd().split("\n").map(JSON.parse);
const { data: wanted } = tensorFromNpy(await readFile(guesses));
const start = performance.now();
let worst = 0;
for (let from = 0; from < windows.length; from += BATCH) {
  const batch = windows.slice(from, from + BATCH);
  const x = new Tensor("int32", Int32Array.from(batch.flat()), [batch.length, batch[0].length]);
  const { data } = (await session.run({ x })).y;
  for (const [k, y] of data.entries()) worst = Math.max(worst, Math.abs(y - wanted[4 * from + k]));
}
const seconds = (performance.now() - start) / 1e3;
const rate = Math.round(windows.length / seconds);
console.log(`onnxruntime-node, 2 threads: ${windows.length} windows in ${seconds.toFixed(1)} s, ${rate} a second`);
console.log(`largest difference from recurra ${worst.toExponential(1)}`);

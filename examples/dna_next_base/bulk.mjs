/**
 * The same scores by way of the command line, in bounded memory and on all threads:
 *
 *     node bulk.mjs windows test.csv windows.jsonl [every]
 *     npx recurra predict lstm_model.keras --input windows.jsonl --output guesses.npy --resume
 *     node bulk.mjs loss test.csv guesses.npy [every]
 */
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { tensorFromNpy } from "recurra";
import { genesOf, windowsOf } from "./score.mjs";

const CHUNK = 4096;

/** One window a line. */
function* linesOf(genes, every) {
  for (const { ids, next } of windowsOf(genes, every, CHUNK)) {
    const width = ids.length / next.length;
    yield next.map((_, k) => `[${ids.subarray(k * width, (k + 1) * width).join(",")}]\n`).join("");
  }
}

/** Mean cross entropy in nats, and the share of right guesses. */
export function lossOf(genes, every, { shape: [samples], data }) {
  let [windows, right, loss] = [0, 0, 0];
  for (const { next } of windowsOf(genes, every, CHUNK)) {
    for (const base of next) {
      const guess = data.subarray(4 * windows, 4 * ++windows);
      if (guess[base] === Math.max(...guess)) right++;
      loss -= Math.log(guess[base]);
    }
  }
  if (windows !== samples) throw new Error(`expected ${windows} guesses, got ${samples}`);
  return { windows, loss: loss / windows, accuracy: right / windows };
}

const [command, csv, file, every = "1"] = process.argv.slice(2);
if (command === "windows" && file) {
  const genes = genesOf(await readFile(csv, "utf8"));
  await pipeline(Readable.from(linesOf(genes, Number(every))), createWriteStream(file));
} else if (command === "loss" && file) {
  const guesses = tensorFromNpy(await readFile(file), file);
  const { windows, loss, accuracy } = lossOf(genesOf(await readFile(csv, "utf8")), Number(every), guesses);
  console.log(`${windows} windows: loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(4)}`);
} else {
  console.error("usage: node bulk.mjs windows TEST.csv WINDOWS.jsonl [every] | loss TEST.csv GUESSES.npy [every]");
  process.exitCode = 2;
}

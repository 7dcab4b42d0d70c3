/**
 * Scores a model that guesses the next base of DNA on every window of a test set.
 *
 *     node examples/dna_next_base/score.mjs FOLDER/lstm_model.keras FOLDER/test.csv [every]
 *
 * `every` takes each such window only; 1, all of them, unless it is given.
 */
import { readFile } from "node:fs/promises";
import { loadModel, runtime, tensor } from "recurra";

const WINDOW = 20;
/** Windows that are predicted at a time: what stands between two drawings of the bar. */
const CHUNK = 32_768;

/** Genes as ids, A C G T = 0 1 2 3: what stands in angle brackets, without other letters. Short ones do not count. */
export function genesOf(csv) {
  const genes = [...csv.matchAll(/<([^>]*)>/g)].map(([, letters]) =>
    Int32Array.from([...letters].map((letter) => "ACGT".indexOf(letter)).filter((id) => id >= 0)),
  );
  return genes.filter((gene) => gene.length > WINDOW);
}

/** Chunks of windows and of the bases that follow them. */
export function* windowsOf(genes, every = 1, chunk = CHUNK) {
  let [ids, next, seen] = [[], [], 0];
  for (const gene of genes) {
    for (let at = WINDOW; at < gene.length; at++) {
      if (seen++ % every !== 0) continue;
      for (let k = at - WINDOW; k < at; k++) ids.push(gene[k]);
      next.push(gene[at]);
      if (next.length < chunk) continue;
      yield { ids: Int32Array.from(ids), next };
      [ids, next] = [[], []];
    }
  }
  if (next.length > 0) yield { ids: Int32Array.from(ids), next };
}

/** Mean cross entropy in nats, the share of right guesses, and the seconds that prediction took: by the clock, busy. */
export function score(model, genes, { every = 1, onProgress = () => {} } = {}) {
  const all = genes.reduce((sum, gene) => sum + gene.length - WINDOW, 0);
  const total = Math.ceil(all / every);
  let [windows, right, loss, seconds, busy] = [0, 0, 0, 0, 0];
  for (const { ids, next } of windowsOf(genes, every)) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    const { data } = model.predict(tensor(ids, [next.length, WINDOW], "int32"));
    seconds += (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(used);
    busy += (user + system) / 1e6;
    for (const [k, base] of next.entries()) {
      const guess = data.subarray(4 * k, 4 * k + 4);
      if (guess[base] === Math.max(...guess)) right++;
      loss -= Math.log(guess[base]);
    }
    windows += next.length;
    onProgress(windows, total, windows / seconds);
  }
  return { windows, loss: loss / windows, accuracy: right / windows, seconds, busy };
}

function drawBar(done, total, rate) {
  if (!process.stderr.isTTY) return;
  const bar = "█".repeat(Math.round((30 * done) / total)).padEnd(30, "░");
  const left = Math.round((total - done) / rate);
  process.stderr.write(`\r${bar} ${done} of ${total} windows, ${Math.round(rate)} a second, ${left} s left  `);
  if (done === total) process.stderr.write("\n");
}

async function main([modelFile, csvFile, every = "1"]) {
  const model = await loadModel(modelFile);
  const genes = genesOf(await readFile(csvFile, "utf8"));
  model.warmup([256, WINDOW]);
  const result = score(model, genes, { every: Number(every), onProgress: drawBar });
  const { windows, loss, accuracy, seconds, busy } = result;
  console.log(`${windows} windows: loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(4)}`);
  const rate = (time) => `${Math.round(windows / time)} windows a second`;
  console.log(`${seconds.toFixed(1)} s, ${rate(seconds)}, on the ${runtime().build} build`);
  console.log(`${busy.toFixed(1)} s of processor time, ${rate(busy)} of that`);
}

if (process.argv[1]?.endsWith("score.mjs")) {
  if (process.argv.length < 4) {
    console.error("usage: node score.mjs MODEL.keras TEST.csv [every]");
    process.exitCode = 2;
  } else await main(process.argv.slice(2));
}

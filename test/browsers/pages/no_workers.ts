/** What a page is told whose pool finds no script for its workers. */
import { createPool, layers, sequential } from "recurra";
import { outcome } from "./outcome";
import { told } from "./told";

outcome(async () => {
  const model = sequential({ layers: [layers.gru({ units: 2, inputShape: [null, 1] })] });
  const all: string[] = [];
  for (const worker of ["none.js", "pool.html"]) {
    all.push(await told(() => createPool(model, { threads: 2, worker })));
  }
  return all;
});

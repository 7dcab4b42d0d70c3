/** What a page is told whose pool finds no script for its workers, or somebody else's. */
import { createPool, layers, sequential } from "recurra";
import { outcome } from "./outcome";
import { told } from "./told";

const script = (text: string) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));

const SCRIPTS = {
  missing: "none.js",
  page: "pool.html",
  damaged: script("const = 1;"),
  fails: script("throw new Error('not here');"),
  echoes: script("onmessage = ({ data }) => postMessage(data);"),
  silent: script("onmessage = () => {};"),
  empty: script(""),
};

outcome(async () => {
  const model = sequential({ layers: [layers.gru({ units: 2, inputShape: [null, 1] })] });
  const all: Record<string, string> = {};
  for (const [what, worker] of Object.entries(SCRIPTS)) {
    const isMute = what === "silent" || what === "empty"; // for the others, waiting for ever would be the mistake
    all[what] = await told(() => createPool(model, { threads: 2, worker, ...(isMute && { maxStartMs: 50 }) }));
  }
  return all;
});

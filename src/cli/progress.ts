/** Bars on a terminal, for what takes longer than a second. */

import { SingleBar } from "cli-progress";

/** What tells how far something is. `count` is told in its unit, and is `done` unless given. */
export type Progress = (done: number, total: number | null, count?: number) => void;

const PATIENCE_MS = 1000;

/**
 * A bar on stderr that appears after a second, when stderr is a terminal; with rate and time left.
 * It is done when `done` reaches `total`, and comes again when there is more after all: the next file of a model.
 */
export function bar(label: string, unit: string): Progress {
  const started = Date.now();
  let shown: SingleBar | undefined;
  return (done, total, count = done) => {
    if (!process.stderr.isTTY || total === null || total === 0) return;
    const told = { count, rate: rate(count, Date.now() - started) };
    if (!shown && done < total && Date.now() - started > PATIENCE_MS) {
      const format = `${label} {bar} {percentage} % | {count} ${unit} | {rate}/s | {eta_formatted} left`;
      shown = new SingleBar({ format, stream: process.stderr, hideCursor: true, clearOnComplete: true });
      shown.start(total, done, told);
    }
    shown?.setTotal(total);
    shown?.update(done, told);
    if (done >= total) {
      shown?.stop();
      shown = undefined;
    }
  };
}

/** For the bytes of a model. */
export function loadingBar(file: string): Progress {
  return bar(`loading ${file}`, "bytes");
}

function rate(done: number, ms: number): string {
  const each = (1000 * done) / Math.max(ms, 1);
  return each >= 1e6 ? `${(each / 1e6).toFixed(1)}M` : each >= 1e3 ? `${(each / 1e3).toFixed(1)}k` : each.toFixed(0);
}

/** Bars on a terminal, for what takes longer than a second. */

import { SingleBar } from "cli-progress";

/** What tells how far something is. `count` is told in its unit, and is `done` unless given. */
export type Progress = (done: number, total: number | null, count?: number) => void;

const PATIENCE_MS = 1000;

/** Columns beside the bar and its label. */
const TOLD = 50;

/**
 * Does something with a bar on stderr that appears after a second, when stderr is a terminal; with rate and time left.
 * The bar goes when `done` reaches `total`, comes again when there is more after all, the next file of a model, and is
 * gone when the work has ended, however that was. Without a total only count and rate are told. It leaves the
 * terminal's modes alone: a signal may come at any time.
 */
export async function withBar<T>(label: string, unit: string, work: (tell: Progress) => Promise<T>): Promise<T> {
  const began = Date.now();
  let first: { readonly done: number; readonly at: number } | undefined;
  let shown: SingleBar | undefined;
  const stop = () => {
    shown?.stop();
    shown = undefined;
  };
  const tell: Progress = (done, total, count = done) => {
    if (!process.stderr.isTTY || total === 0) return;
    const now = Date.now();
    first ??= { done, at: now };
    const end = total ?? Number.POSITIVE_INFINITY;
    const left = ((end - done) * (now - first.at)) / (done - first.done);
    const told = { count, rate: rate(count, now - began), left: duration(left / 1000) };
    if (!shown && done < end && now - began > PATIENCE_MS) {
      const far = `{count} ${unit} | {rate}/s`;
      const format = total === null ? `${label} | ${far}` : `${label} {bar} {percentage} % | ${far} | {left} left`;
      const barsize = Math.max(4, Math.min(40, (process.stderr.columns || 80) - label.length - unit.length - TOLD));
      shown = new SingleBar({ format, barsize, stream: process.stderr, linewrap: true, clearOnComplete: true });
      shown.start(end, done, told);
    }
    shown?.setTotal(end);
    shown?.update(done, told);
    if (done >= end) stop();
  };
  try {
    return await work(tell);
  } finally {
    stop();
  }
}

function rate(done: number, ms: number): string {
  const each = (1000 * done) / Math.max(ms, 1);
  return each >= 1e6 ? `${(each / 1e6).toFixed(1)}M` : each >= 1e3 ? `${(each / 1e3).toFixed(1)}k` : each.toFixed(0);
}

/** As 2h05m, 5m07s or 7s; a question mark while nothing is known. */
function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.ceil(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}h${two(m)}m` : m > 0 ? `${m}m${two(s)}s` : `${s}s`;
}

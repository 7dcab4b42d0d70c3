/** Checks what a pool is to be made of, and has its workers started. */

import { processors } from "#platform";
import { ArgumentError, StateError, show, UnsupportedError } from "../errors";
import type { Model } from "../models/model";
import { readGiven } from "../options";
import { checkMade } from "./given";
import { Pool } from "./pool";

/** Options of {@link createPool}. */
export interface PoolOptions {
  /** How many workers. Default: what the machine runs at once. */
  threads?: number;
  /** Where the workers' script is, `recurra/worker`, unless it is found: see {@link createPool}. */
  worker?: string | URL;
  /**
   * Milliseconds that the script may take to be loaded and to run, until one of the workers has announced itself.
   * Default 60,000. Once one has, the others and those in the place of dead ones may take what they need.
   */
  maxStartMs?: number;
}

const DEFAULTS = {
  threads: undefined as number | undefined,
  worker: undefined as string | URL | undefined,
  maxStartMs: 60_000, // for 300 kB of script at 40 kbit/s
};

/**
 * Makes workers that each hold the model, in Node and in a page. The weights that the model has now go there once, in
 * shared memory where the platform allows. A worker that dies is replaced, and its work done again. A pool that is
 * idle keeps no process alive.
 *
 * The workers' script is `recurra/worker`, one file. Bundlers for pages that know `new URL("./worker.js",
 * import.meta.url)` bring it along (Vite from 8 on, webpack, Next.js). For others make it a second entry of the bundle,
 * called `worker` so that `worker.js` stands beside the file that holds the library, or elsewhere and named by the
 * option. Node finds it in the package that is installed, also from a bundle, or as `worker.cjs` beside the bundle.
 *
 * @throws (rejects, when no worker is left) {ArgumentError} for a number of threads or milliseconds that is none,
 *   for other options, and for what is no model of layers.
 *   {UnsupportedError} for a stateful model. {StateError} for a model that is not built. {WorkerError} when no worker
 *   can be started: the script is missing, no JavaScript, or fails; it says something else than `recurra/worker`; none
 *   of the workers has announced itself after `maxStartMs`. What `modelFromParts` throws in a worker, which does not
 *   know layers that were made known by `registerLayer` here.
 *
 * @example
 * const pool = await createPool(model, { threads: 2 });
 * const y = await pool.predict(x);
 * await pool.close();
 */
export async function createPool<M extends Model>(
  model: M,
  options: PoolOptions = {},
): Promise<Pool<ReturnType<M["predict"]>>> {
  const { threads = processors(), worker, maxStartMs } = readGiven("createPool", options, DEFAULTS);
  checkMade("createPool", "a model of layers", model, ["toParts"]);
  if (!Number.isSafeInteger(threads) || threads < 1) {
    throw new ArgumentError("createPool, threads", "a positive integer", show(threads));
  }
  if (!(maxStartMs > 0 && maxStartMs < 2 ** 31)) {
    throw new ArgumentError("createPool, maxStartMs", "milliseconds", show(maxStartMs));
  }
  if (model.isStateful) throw new UnsupportedError(`${model.name}, pool`, "a model without states", "a stateful one");
  if (!model.built) throw new StateError(`${model.name}, pool`, "a model that is built", "one that is not");
  const pool = new Pool<ReturnType<M["predict"]>>(model, threads, worker, maxStartMs);
  await pool.start();
  return pool;
}

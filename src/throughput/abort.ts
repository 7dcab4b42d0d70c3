/** One listener a signal, however many calls follow it: platforms warn of more than ten. */

interface Followers {
  readonly runs: Set<() => void>;
  readonly listener: () => void;
}

const FOLLOWED = new WeakMap<AbortSignal, Followers>();

/**
 * Has `run` called when the signal is aborted.
 * @returns a function that ends this.
 */
export function onAbort(signal: AbortSignal, run: () => void): () => void {
  const { runs, listener } = FOLLOWED.get(signal) ?? follow(signal);
  runs.add(run);
  return () => {
    runs.delete(run);
    if (runs.size > 0) return;
    signal.removeEventListener("abort", listener);
    FOLLOWED.delete(signal);
  };
}

function follow(signal: AbortSignal): Followers {
  const runs = new Set<() => void>();
  const listener = () => {
    for (const run of [...runs]) run();
  };
  signal.addEventListener("abort", listener, { once: true });
  const followers = { runs, listener };
  FOLLOWED.set(signal, followers);
  return followers;
}

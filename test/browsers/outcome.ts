/** How a test reads what pages/outcome.ts keeps. */
import type { Outcome } from "./browser";

/** An expression: waits until the page's program has ended. */
export const OUTCOME = `new Promise((resolve) => {
  const look = () => {
    if (!globalThis.outcome) return setTimeout(look, 10);
    globalThis.outcome.then((outcome) => resolve(JSON.stringify({ ...outcome, problems: globalThis.problems })));
  };
  look();
})`;

/** @param seen What the browser itself told beside what the page noticed. */
export function outcomeOf(json: unknown, seen: readonly string[] = []): Outcome {
  const outcome = JSON.parse(json as string) as Outcome;
  return { ...outcome, problems: [...new Set([...outcome.problems, ...seen])] };
}

/** For engines with a terminal, and for pages, whose test harness asks for the outcome. */
import { measure } from "./program";

const scope = globalThis as { document?: unknown; outcome?: unknown; problems?: unknown };
if (scope.document === undefined) console.log(JSON.stringify(measure()));
else {
  scope.problems = [];
  scope.outcome = Promise.resolve()
    .then(() => ({ value: measure() }))
    .catch((error) => ({ error: String(error) }));
}

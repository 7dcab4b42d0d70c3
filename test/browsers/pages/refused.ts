/** What a page that may not run WebAssembly is told, by whatever it calls first. */
import { configure, layers, RecurraError, runtime } from "recurra";
import { outcome } from "./outcome";

function told(call: () => unknown): string {
  try {
    call();
    return "nothing";
  } catch (error) {
    return error instanceof RecurraError ? `${error.code}: ${error.message}` : `untyped: ${error}`;
  }
}

outcome(() => {
  const apply = () => layers.lstm({ units: 2 }).apply([[[0.5]]]);
  const first = [told(apply), told(runtime)];
  configure({ build: "baseline" });
  return [...first, told(apply)];
});

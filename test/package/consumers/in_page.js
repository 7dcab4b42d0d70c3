/** The program in a page: whoever opened it reads `outcome`. */
import { program } from "./program.js";

/** @param {string | URL | undefined} wasm The kernels' file, where the page keeps them outside. */
export function runInPage(wasm) {
  globalThis.problems = [];
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
    globalThis.problems.push(`policy: ${effectiveDirective} forbids ${blockedURI}`);
  });
  const worker = new URLSearchParams(location.search).get("worker");
  globalThis.outcome = program("model.keras", worker ? new URL(worker, document.baseURI) : undefined, wasm).then(
    (value) => ({ value }),
    (error) => ({ error: String(error?.stack ?? error) }),
  );
}

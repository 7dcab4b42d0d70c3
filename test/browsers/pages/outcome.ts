/** What a page hands to the test that opened it. */

/** How the test asks; see {@link OUTCOME}. */
interface Window {
  outcome?: Promise<{ value?: unknown; error?: string }>;
  problems?: string[];
}

const page = globalThis as Window;
const problems: string[] = [];
page.problems = problems;

for (const name of ["error", "warn"] as const) {
  const write = console[name];
  console[name] = (...values: unknown[]) => {
    problems.push(`console.${name}: ${values.join(" ")}`);
    write.apply(console, values);
  };
}
addEventListener("error", (event) => problems.push(`error: ${event.message ?? event.type}`));
addEventListener("unhandledrejection", (event) => problems.push(`unhandled rejection: ${event.reason}`));
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  problems.push(`policy: ${effectiveDirective} forbids ${blockedURI}`);
});

/** Runs the page's program; its result, or what it threw, is the outcome. Both must survive JSON. */
export function outcome(program: () => unknown): void {
  page.outcome = (async () => {
    try {
      return { value: await program() };
    } catch (error) {
      return { error: error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error) };
    }
  })();
}

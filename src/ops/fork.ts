/** Two parts of a plan that may run at once. */

import type { Plan } from "./plan";
import type { Errand, Step } from "./step";

/**
 * Appends the steps of `first` and `second`, neither of which needs what the other makes. Where the engine has other
 * threads, one of them is asked for the sequence of the second while this thread does the first.
 */
export function emitFork(plan: Plan, first: () => void, second: () => void): void {
  const { team } = plan.engine;
  if (!team) {
    first();
    second();
    return;
  }
  const choose = team.choosing();
  plan.fork(first, second, (here, there) => {
    const at = there.findIndex(({ errand }) => errand);
    const { pass, gates } = (there[at] as Step).errand as Errand;
    const alone = () => {
      run(here);
      run(there);
    };
    const together = () => {
      run(there.slice(0, at));
      const hadHelp = team.beside(
        [pass],
        gates,
        () => run(here),
        () => run(there.slice(at, at + 1)),
      );
      run(there.slice(at + 1));
      return hadHelp;
    };
    choose(alone, together);
  });
}

function run(steps: readonly Step[]): void {
  for (const step of steps) step();
}

/** A bug that scripts/mutants.mjs plants. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly tests: readonly string[];
}

export const MUTANTS: readonly Mutant[];

/**
 * The bugs that scripts/mutants.mjs plants: `find` stands exactly once in `file` and becomes `replace`; the numeric
 * tests in `tests` must then fail. Whoever changes such a line moves its patch along.
 */
export const MUTANTS = [];

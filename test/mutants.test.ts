/** The patches of planted bugs (scripts/mutants_table.mjs) fit the sources; `npm run mutants` plants them. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { MUTANTS } from "../scripts/mutants_table.mjs";

it.each(MUTANTS)("$name: the text to change stands once in $file", ({ file, find }) => {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
  expect(text.split(find)).toHaveLength(2);
});

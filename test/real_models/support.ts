/** Models that others trained lie beside the repository, in ../shared/models; nothing of them is copied here. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, it } from "vitest";

const FOLDER = fileURLToPath(new URL("../../../shared/models/", import.meta.url));

/** Where the folder is, all tests run, and a file that is missing is a failure; elsewhere one visible skip. */
export function describeModels(name: string, tests: () => void): void {
  if (existsSync(FOLDER)) describe(name, tests);
  else it.skip(`${name}: ../shared/models is not there`, () => {});
}

export const pathOf = (file: string): string => `${FOLDER}${file}`;
export const textOf = (file: string): string => readFileSync(pathOf(file), "utf8");

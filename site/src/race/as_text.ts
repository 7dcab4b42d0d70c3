/** Results to take along. */

import { runtime } from "recurra";
import { duration } from "../numbers";
import { CONTESTANT_NAMES, CONTESTANTS } from "./contestant";
import type { Result } from "./race";
import { WORKLOADS } from "./workloads";

/** A table for a bug report or a chat. */
export function asText(results: readonly Result[]): string {
  const rows = WORKLOADS.flatMap(({ name }) => {
    const cells = CONTESTANT_NAMES.map((who) => {
      const found = results.find(({ workload, contestant }) => workload === name && contestant === who);
      return found?.seconds ? duration(found.seconds) : (found?.note ?? null);
    });
    return cells.some((cell) => cell !== null) ? [`| ${name} | ${cells.map((cell) => cell ?? "–").join(" | ")} |`] : [];
  });
  const head = `| | ${CONTESTANT_NAMES.map((name) => CONTESTANTS[name].title).join(" | ")} |`;
  const where = `${navigator.userAgent}, ${runtime().build} build, ${new Date().toISOString().slice(0, 10)}`;
  return [head, `|---|${CONTESTANT_NAMES.map(() => "---:|").join("")}`, ...rows, "", where].join("\n");
}

/** What a file held that is not used, for people. */

import type { LoadReport } from "../index";

/** Lines on stderr, none for a file that is used whole. */
export function tellReport(
  file: string,
  report: Pick<LoadReport, "ignored" | "ignoredKeys" | "computedInFloat32"> | null,
): void {
  if (!report) return;
  const notes: readonly (readonly [string, readonly string[]])[] = [
    ["not needed here", report.ignored],
    ["not known here", report.ignoredKeys],
    ["computed in float32", report.computedInFloat32],
  ];
  for (const [note, list] of notes) if (list.length > 0) console.error(`${file}, ${note}: ${list.join(", ")}`);
}

/** Paths that files name: they stay in the folder of the file. */
import { FormatError, show } from "../errors";

/** A root, a scheme or a drive. Addresses drop blanks at their ends and control characters anywhere. */
const ELSEWHERE = /^\/|^[a-z][a-z0-9+.-]*:|^\s|\s$|[\\\p{Cc}]/iu;

/** Relative and nowhere upwards, as a path and as an address, in which `%2e` is a dot. */
export function staysInFolder(path: string): boolean {
  return path !== "" && !ELSEWHERE.test(path) && !path.replaceAll(/%2e/gi, ".").split("/").includes("..");
}

/** @throws {FormatError} for a path that leads out of the folder. */
export function checkedPath(path: unknown, where: string): string {
  if (typeof path === "string" && staysInFolder(path)) return path;
  throw new FormatError(where, "a path beside this file", show(path));
}

/** Paths that files name: they stay in the folder of the file. */
import { FormatError, show } from "../errors";

/** Relative, without a scheme or a drive, and nowhere upwards. */
export function staysInFolder(path: string): boolean {
  return path !== "" && !/^\/|^[a-z][a-z0-9+.-]*:|[\\\0]/i.test(path) && !path.split("/").includes("..");
}

/** @throws {FormatError} for a path that leads out of the folder. */
export function checkedPath(path: unknown, where: string): string {
  if (typeof path === "string" && staysInFolder(path)) return path;
  throw new FormatError(where, "a path beside this file", show(path));
}

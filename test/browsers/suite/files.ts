/** What the test files import as `node:fs` and `node:url`, in a page: the fixtures, fetched beforehand. */

const held = new Map<string, Uint8Array>();

/** Fetches all files of the list beside the page. */
export async function fetchFiles(): Promise<void> {
  const names = (await (await fetch("files.json")).json()) as string[];
  await Promise.all(
    names.map(async (name) => held.set(`/${name}`, new Uint8Array(await (await fetch(`files/${name}`)).arrayBuffer()))),
  );
}

export function existsSync(path: string | URL): boolean {
  const wanted = pathOf(path).replace(/\/$/, "");
  return [...held.keys()].some((name) => name === wanted || name.startsWith(`${wanted}/`));
}

export function readFileSync(path: string | URL, encoding?: string): Uint8Array | string {
  const bytes = held.get(pathOf(path));
  if (!bytes) throw new Error(`${path}: expected a file, got none there`);
  return encoding ? new TextDecoder().decode(bytes) : bytes;
}

export function readdirSync(path: string | URL): string[] {
  const folder = `${pathOf(path).replace(/\/$/, "")}/`;
  const inside = [...held.keys()].filter((name) => name.startsWith(folder));
  return [...new Set(inside.map((name) => name.slice(folder.length).split("/")[0] as string))];
}

export function fileURLToPath(url: string | URL): string {
  return decodeURIComponent(new URL(url).pathname);
}

function pathOf(path: string | URL): string {
  return typeof path === "string" && path.startsWith("/") ? path : fileURLToPath(path);
}

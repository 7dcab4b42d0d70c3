/** The model of a command. */

import { basename } from "node:path";
import { type LoadOptions, loadModel } from "../index";
import { withBar } from "./progress";

export type Loaded = Awaited<ReturnType<typeof loadModel>>;

/** Loads a model; one that takes long to arrive has a bar. */
export function load(file: string, options: LoadOptions = {}): Promise<Loaded> {
  return withBar(`loading ${basename(file)}`, "bytes", (onProgress) => loadModel(file, { ...options, onProgress }));
}

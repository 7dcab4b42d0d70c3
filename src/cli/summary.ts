/** `recurra summary FILE` */

import { loadModel } from "../index";
import { loadingBar } from "./progress";

export interface SummaryOptions {
  style?: "classic" | "box";
  lineLength?: number;
  json?: boolean;
}

/** Prints the table, or the configuration, of a model. */
export async function summary(file: string, { style, lineLength, json }: SummaryOptions): Promise<void> {
  const model = await loadModel(file, { onProgress: loadingBar(file) });
  if (json) {
    console.log(JSON.stringify(model.toJSON()));
    return;
  }
  const options = { ...(style === "box" ? { style } : {}), ...(lineLength ? { lineLength } : {}) };
  model.summary(options);
}

/** `recurra summary FILE` */

import { Model } from "../index";
import { load } from "./load";
import { tellReport } from "./report";

export interface SummaryOptions {
  style?: "classic" | "box";
  lineLength?: number;
  json?: boolean;
}

/** Prints the table of a model, or its configuration; of an ONNX graph, what goes in and out. */
export async function summary(file: string, { style, lineLength, json }: SummaryOptions): Promise<void> {
  const model = await load(file);
  if (json) {
    const { inputs, outputs } = model;
    console.log(JSON.stringify(model instanceof Model ? model.toJSON() : { inputs, outputs }));
    return;
  }
  const options = { ...(style === "box" ? { style } : {}), ...(lineLength ? { lineLength } : {}) };
  model.summary(options);
  tellReport(file, model.loadReport);
}

/** Whole models: the workloads of several layers. */

import { timeNetworks } from "./networks";
import { WORKLOADS } from "./shapes";

await timeNetworks(
  "models",
  Object.fromEntries(Object.entries(WORKLOADS).filter(([, { layers }]) => layers.length > 1)),
);

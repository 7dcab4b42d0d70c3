/** One recurrent layer at a time: microseconds, GFLOP/s, and per cent of the roofline measured in the same minutes. */

import { timeNetworks } from "./networks";
import { LAYERS } from "./shapes";

await timeNetworks("layers", LAYERS);

/** The script of a pool's worker. */

import { workerHost } from "#platform";
import { serve } from "./throughput/serve";

serve(workerHost());

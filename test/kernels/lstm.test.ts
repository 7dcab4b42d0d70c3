import { describe } from "vitest";
import { BUILDS } from "./module";
import { agreesWithTwin } from "./sequence_twin";
import { KINDS } from "./sequences";

describe.each(BUILDS)("LSTM on the %s build", (build) => {
  agreesWithTwin(build, KINDS.LSTM!);
});

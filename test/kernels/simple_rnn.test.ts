import { describe } from "vitest";
import { BUILDS } from "./module";
import { agreesWithTwin } from "./sequence_twin";
import { KINDS } from "./sequences";

describe.each(BUILDS)("SimpleRNN on the %s build", (build) => {
  agreesWithTwin(build, KINDS.SimpleRNN!);
});

import { describe } from "vitest";
import { BUILDS } from "./module";
import { agreesWithTwin } from "./sequence_twin";
import { KINDS } from "./sequences";

describe.each(BUILDS)("GRU on the %s build", (build) => {
  describe("reset after", () => agreesWithTwin(build, KINDS["GRU, reset after"]!));
  describe("reset before", () => agreesWithTwin(build, KINDS["GRU, reset before"]!));
});

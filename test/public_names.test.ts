/** Every name that users can import: what is added or taken away here is a change of the public surface. */
import { expect, it } from "vitest";
import * as root from "../src/index";
import * as byHand from "../src/layers_entry";
import * as worklet from "../src/worklet";

const names = (entry: object) => Object.keys(entry).sort();
const list = (text: string) => text.trim().split(/\s+/).sort();

it("recurra exports these names", () => {
  expect(names(root)).toEqual(
    list(`
    ArgumentError Batcher BusyError ConfigError FormatError Functional IoError LimitError MemoryLimitError Model
    NetworkError Pool RecurraError RuntimeError Sequential ShapeError StateError Stream SymbolicTensor Tensor
    UnsupportedError WeightError WorkerError configure createBatcher createPool initializers input layers loadModel
    model modelFromJSON modelFromParts ops registerLayer runtime saveModel saveWeights sequential tensor
    tensorFromNpy tensorToNpy trace
  `),
  );
});

it("recurra/layers exports the layers and these names", () => {
  const own = names(byHand).filter((name) => !(name in root.layers));
  expect(own).toEqual(
    list(`
    ArgumentError BusyError ConfigError FormatError Functional IoError LimitError MemoryLimitError Model
    NetworkError RecurraError RuntimeError Sequential ShapeError StateError Stream Tensor UnsupportedError
    WeightError WorkerError configure initializers layers model modelFromJSON modelFromParts ops runtime sequential
    tensor
  `),
  );
  expect(names(root.layers).filter((name) => !(name in byHand))).toEqual([]);
});

it("recurra/worklet exports these names", () => {
  expect(names(worklet)).toEqual(
    list(`
    ArgumentError BusyError ConfigError FormatError Functional IoError LimitError MemoryLimitError Model
    NetworkError RecurraError RuntimeError Sequential ShapeError StateError Stream SymbolicTensor Tensor
    UnsupportedError WeightError WorkerError configure initializers input layers model modelFromJSON modelFromParts
    ops registerLayer runtime sequential tensor
  `),
  );
});

/// <reference types="vite/client" />
/** The tests of layers, models, files and ONNX and the vectors of other projects, from the sources, in a page. */
import { fetchFiles } from "../suite/files";
import { run } from "../suite/vitest";
import { outcome } from "./outcome";

const files = import.meta.glob([
  "../../{conformance,formats,layers,load,models,onnx,ops,torch}/*.test.ts",
  "../../throughput/batch_streams.test.ts",
  // Node's garbage collector and paths; damage by the thousand, and limits of time.
  "!../../**/{memory,stream_garbage,load,fuzz,hdf5_guard}.test.ts",
]);

/** Tests that name a class of their own, whose name the bundler has shortened. */
const NAMED = /^layers\/(rnn_cells.*a user's cell of a file's configuration|user_layer.*comes from files by its class)/;

outcome(async () => {
  await fetchFiles();
  return run(files, NAMED);
});

/// <reference types="vite/client" />
/** The tests of layers, models, golden files and ONNX, and other projects' vectors, from the sources, in a page. */
import { fetchFiles } from "../suite/files";
import { run } from "../suite/vitest";
import { outcome } from "./outcome";

const files = import.meta.glob([
  "../../{conformance,layers,load,models,onnx,ops}/*.test.ts",
  // Node's garbage collector, its paths, and its hashes.
  "!../../**/{memory,stream_garbage,load,saved_models}.test.ts",
]);

/** Tests that name a class of their own, whose name the bundler has shortened. */
const NAMED = /^layers\/(rnn_cells.*a user's cell of a file's configuration|user_layer.*comes from files by its class)/;

outcome(async () => {
  await fetchFiles();
  return run(files, NAMED);
});

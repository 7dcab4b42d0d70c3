/** The part of scripts/mutants_table.mjs for streams, batcher and pool. */
const STREAMS = ["test/throughput/batch_streams.test.ts"];

export const THROUGHPUT = [
  {
    name: "batcher: states go to other streams than they came from",
    file: "src/throughput/rows.ts",
    find: "plan.run();",
    replace: "plan.run(); i32.subarray(at, at + count).reverse();",
    tests: STREAMS,
  },
  {
    name: "batcher: the rows of a batch swapped",
    file: "src/throughput/rows.ts",
    find: "copied(first[row] as Row",
    replace: "copied(first[streams.length - 1 - row] as Row",
    tests: STREAMS,
  },
  {
    name: "batcher: a call that was aborted is answered",
    file: "src/throughput/ticket.ts",
    find: "this.reject(signal.reason);\n      then();",
    replace: "",
    tests: STREAMS,
  },
  {
    name: "batcher: a frame that waits is read when its turn comes",
    file: "src/throughput/batch_stream.ts",
    find: "frame: copyOf(frame), out",
    replace: "frame: copyOf(frame) && frame, out",
    tests: STREAMS,
  },
  {
    name: "stepAll: answers in the order in which they come",
    file: "src/throughput/stream_group.ts",
    find: "results[place] = result;",
    replace: "results[length - missing + 0 * place] = result;",
    tests: STREAMS,
  },
  {
    name: "pool: the work of a worker that died is lost",
    file: "src/throughput/crew.ts",
    find: "else if (job) this.jobs.unshift(job);",
    replace: "",
    tests: ["test/throughput/crew.test.ts"],
  },
  {
    name: "pool: a piece's inputs are given back before it is done",
    file: "src/throughput/parcels.ts",
    find: "blocks.push(block);",
    replace: "this.giveBack(block);",
    tests: ["test/throughput/parcels.test.ts"],
  },
  {
    name: "pool: pieces side by side in the wrong places",
    file: "src/throughput/pieces.ts",
    find: "(from * data.length) / (to - from)",
    replace: "((this.samples - to) * data.length) / (to - from)",
    tests: ["test/throughput/pool.test.ts"],
  },
  {
    name: "pool: a way that has become slow is kept",
    file: "src/wasm/choice.ts",
    find: "if (this.average > this.other) this.left = 0;",
    replace: "",
    tests: ["test/throughput/space.test.ts"],
  },
];

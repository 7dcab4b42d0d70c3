/** What the kernels for threads ask of the module of assembly/index.ts, where each is described. */

// @ts-ignore: decorator
@external("kernels", "sequence")
export declare function sequence(pass: usize, gates: i32): void;

// @ts-ignore: decorator
@external("kernels", "advanceTable")
export declare function advanceTable(pass: usize, gates: i32, from: i32, until: i32): void;

// @ts-ignore: decorator
@external("kernels", "advanceChunk")
export declare function advanceChunk(pass: usize, gates: i32, from: i32, until: i32): void;

// @ts-ignore: decorator
@external("kernels", "advanceBlocks")
export declare function advanceBlocks(
  pass: usize, gates: i32, pre: usize, h: usize, c: usize, toH: usize, toC: usize, first: usize, end: usize,
  turn: i32,
): void;

// @ts-ignore: decorator
@external("kernels", "project")
export declare function project(
  pass: usize, gates: i32, inputs: usize, step: usize, count: i32, first: usize, end: usize,
): void;

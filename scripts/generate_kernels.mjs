/**
 * Writes the micro-kernels, assembly/kernels/generated/tiles.ts: AssemblyScript has no function that returns several
 * vectors, so every sum is a local of its own and the loops are spelled out here.
 *
 * All of them have the form that every engine compiles without spills: an exported function (so that it is not
 * inlined), one loop at the top, no branch or call behind it, splats without offset from pointers that step along.
 */

/**
 * Rows in a tile, and steps of k in one turn of its loop in the build with and without fused multiply-add.
 * EXIT: two steps with a way out between them, which keeps the compiler from joining their sums: so joined, eight sums
 * and their operands want more registers than V8 13 has (1.45 of the time).
 * BOTTOM: one step, the condition below it. JavaScriptCore leaves a condition where it stands, above a step it costs a
 * jump more; below it five rows take 0.97 of the time there, six 0.95 in Bun and 0.76 in WebKitGTK 2.50. V8 needs the
 * same time for both, as long as the condition is asked before the first step too: else it spills.
 */
const EXIT = "exit";
const BOTTOM = "bottom";
const TILES = [
  { rows: 3, fused: 1, unfused: 2 },
  { rows: 4, fused: 1, unfused: EXIT },
  { rows: 5, fused: 1, unfused: BOTTOM },
  { rows: 6, fused: 1, unfused: BOTTOM },
];
const PANELS = 4;

export const count = (n) => Array.from({ length: n }, (_, index) => index);
export const indent = (lines) => lines.map((line) => `  ${line}`);

/** One step of k. The first operand row of the tile is in pointer a0, the weights in w. */
function tileStep(rows, at) {
  const body = count(rows).flatMap((r) => [
    `const x${r} = v128.load32_splat(a${r});`,
    `c${r}0 = madd(x${r}, low, c${r}0);`,
    `c${r}1 = madd(x${r}, high, c${r}1);`,
    `a${r} += 4;`,
  ]);
  return ["{", ...indent([`const low = v128.load(w, ${at}), high = v128.load(w, ${at + 16});`, ...body]), "}"];
}

function gemvStep(at) {
  const body = count(PANELS).flatMap((p) => [
    `c${p}0 = madd(x0, v128.load(w${p}, ${at}), c${p}0);`,
    `c${p}1 = madd(x0, v128.load(w${p}, ${at + 16}), c${p}1);`,
  ]);
  return ["{", ...indent(["const x0 = v128.load32_splat(x);", "x += 4;", ...body]), "}"];
}

/** A loop of one or two steps a turn; an odd step comes first, so that k ascends in every sum. */
function loop(steps, step, counter, advance) {
  if (steps === EXIT) {
    const one = [...step(0), ...advance(32)];
    return [`while (${counter} < end) {`, ...indent([...one, `if (${counter} >= end) break;`, ...one]), "}"];
  }
  if (steps === BOTTOM) {
    const turn = [...step(0), ...advance(32)];
    return [`if (${counter} < end) {`, ...indent(["do {", ...indent(turn), `} while (${counter} < end);`]), "}"];
  }
  const odd = [`if ((end - ${counter}) & 32) {`, ...indent([...step(0), ...advance(32)]), "}"];
  const turn = [...count(steps).flatMap((index) => step(32 * index)), ...advance(32 * steps)];
  return [...(steps > 1 ? odd : []), `while (${counter} < end) {`, ...indent(turn), "}"];
}

function tile({ rows, fused, unfused }) {
  const load = (r) => [
    ...(r ? ["from += fromRow;"] : []),
    `let c${r}0 = v128.load(from), c${r}1 = v128.load(from, 16);`,
  ];
  const store = (r) => [...(r ? ["y += yRow;"] : []), `v128.store(y, c${r}0);`, `v128.store(y, c${r}1, 16);`];
  const body = (steps) =>
    loop(
      steps,
      (at) => tileStep(rows, at),
      "w",
      (bytes) => [`w += ${bytes};`],
    );
  const [a, b] = [body(fused), body(unfused)];
  const loops =
    fused === unfused ? a : ["if (ASC_FEATURE_RELAXED_SIMD) {", ...indent(a), "} else {", ...indent(b), "}"];
  return [
    `/** ${rows} rows by one panel; aRow, fromRow and yRow are bytes. */`,
    `export function tile${rows}(`,
    "  a0: usize, aRow: usize, w: usize, end: usize, from: usize, fromRow: usize, y: usize, yRow: usize,",
    "): void {",
    ...indent([
      ...count(rows - 1).map((r) => `let a${r + 1} = a${r} + aRow;`),
      ...count(rows).flatMap(load),
      ...loops,
      ...count(rows).flatMap(store),
    ]),
    "}",
  ];
}

function gemv() {
  const load = (p) => [
    ...(p ? ["from += fromStep;"] : []),
    `let c${p}0 = v128.load(from), c${p}1 = v128.load(from, 16);`,
  ];
  const store = (p) => [...(p ? ["y += step;"] : []), `v128.store(y, c${p}0);`, `v128.store(y, c${p}1, 16);`];
  const advance = (bytes) => count(PANELS).map((p) => `w${p} += ${bytes};`);
  return [
    `/** One row by ${PANELS} panels; panelStep, fromStep and step are bytes. */`,
    `export function gemv${PANELS}(`,
    "  x: usize, w0: usize, end: usize, panelStep: usize, from: usize, fromStep: usize, y: usize, step: usize,",
    "): void {",
    ...indent([
      ...count(PANELS - 1).map((p) => `let w${p + 1} = w${p} + panelStep;`),
      ...count(PANELS).flatMap(load),
      ...loop(2, gemvStep, "w0", advance),
      ...count(PANELS).flatMap(store),
    ]),
    "}",
  ];
}

/** The source of the micro-kernels. */
export function microKernels() {
  const head = ["// Generated by scripts/generate_kernels.mjs", 'import { madd } from "../../simd/lanes";'];
  return `${[head, ...TILES.map(tile), gemv()].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

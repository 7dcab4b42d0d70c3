import { PerformanceObserver } from "node:perf_hooks";
import { expect, it } from "vitest";
import { dense } from "../../src/layers/dense";
import { lstm } from "../../src/layers/recurrent/lstm";
import { sequential } from "../../src/models/sequential";

const STEPS = 1_000_000;
/** Bytes a step that would show an allocation: the smallest object has 12. */
const LEAST_OBJECT = 12;

it("steps a million times without garbage: no collection, no growth", async () => {
  const collect = globalThis.gc as () => void;
  const layers = [lstm({ units: 8, inputShape: [null, 4] }), dense({ units: 1 })];
  const stream = sequential({ layers }).createStream();
  const frame = Float32Array.of(0.1, 0.2, 0.3, 0.4);
  const run = (steps: number) => {
    for (let k = 0; k < steps; k++) stream.step(frame);
  };
  run(100_000); // until the compiler has finished
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  collect();
  observer.observe({ entryTypes: ["gc"] });
  const before = process.memoryUsage().heapUsed;
  run(STEPS);
  const grown = process.memoryUsage().heapUsed - before;
  await new Promise((resolve) => setTimeout(resolve, 20)); // entries are delivered later
  observer.disconnect();
  expect(collections).toBe(0);
  expect(grown).toBeLessThan((STEPS * LEAST_OBJECT) / 10);
});

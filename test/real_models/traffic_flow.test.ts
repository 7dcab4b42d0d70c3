/** Vehicles a lane and five minutes; Keras 2.1.4, HDF5: xiaochus/TrafficFlowPrediction. */
import { expect, it } from "vitest";
import { loadModel } from "../../src/load";
import { Tensor } from "../../src/tensor";
import { describeModels, pathOf, textOf } from "./support";

/** Timesteps of a window; the next one is predicted. */
const WINDOW = 12;

function laneFlow(file: string): number[] {
  const [head = "", ...rows] = textOf(`traffic-flow/${file}.csv`).trim().split(/\r?\n/);
  const column = head.split(",").findIndex((name) => name.startsWith("Lane 1 Flow"));
  return rows.map((row) => Number(row.split(",")[column]));
}

/** Mean absolute and squared error, and the share of the variance that is explained, in vehicles. */
function errorsOf(got: readonly number[], wanted: readonly number[]) {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const absolute = mean(got.map((value, k) => Math.abs(value - wanted[k]!)));
  const squared = mean(got.map((value, k) => (value - wanted[k]!) ** 2));
  const centre = mean(wanted);
  return { absolute, squared, explained: 1 - squared / mean(wanted.map((value) => (value - centre) ** 2)) };
}

describeModels("traffic-flow", () => {
  it.each([
    ["lstm", 7.216, 98.05, 0.9396],
    ["gru", 7.202, 99.32, 0.9389],
  ])("%s.h5 gives its published errors", async (name, mae, mse, r2) => {
    const [train, test] = [laneFlow("train"), laneFlow("test")];
    const [least, most] = [Math.min(...train), Math.max(...train)];
    const scaled = test.map((flow) => (flow - least) / (most - least));
    const count = scaled.length - WINDOW;
    expect(count).toBe(4308);
    const windows = Array.from({ length: count }, (_, k) => scaled.slice(k, k + WINDOW)).flat();
    const model = await loadModel(pathOf(`traffic-flow/${name}.h5`));
    const y = model.predict(new Tensor([count, WINDOW, 1], "float32", Float32Array.from(windows))) as Tensor;
    const got = Array.from(y.data, (value) => value * (most - least) + least);
    const { absolute, squared, explained } = errorsOf(got, test.slice(WINDOW));
    expect(Math.abs(absolute - mae)).toBeLessThan(0.0006); // the figures are rounded: to 7.216, 98.05, .9396
    expect(Math.abs(squared - mse)).toBeLessThan(0.006);
    expect(Math.abs(explained - r2)).toBeLessThan(0.00006);
  });
});

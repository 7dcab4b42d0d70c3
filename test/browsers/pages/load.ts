/** A `.keras` file by its address and as a File, against what Keras answered. */
import { configure, loadModel, Tensor } from "recurra";
import { outcome } from "./outcome";

interface Stored {
  readonly shape: number[];
  readonly data: number[];
}

/** The largest difference; infinite where a number is missing or is none. */
function furthest(wanted: readonly number[], got: ArrayLike<number>): number {
  const differences = wanted.map((value, k) => Math.abs(value - (got[k] ?? Number.NaN)));
  return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...differences);
}

const FOLDER = "files/root/test/fixtures/models/";

outcome(async () => {
  configure({ build: "baseline" });
  let arrived = 0;
  const onProgress = (loaded: number) => {
    arrived = loaded;
  };
  const byAddress = await loadModel(`${FOLDER}sequential_lstm.keras`, { onProgress });
  const blob = await (await fetch(`${FOLDER}sequential_deflated.keras`)).blob();
  const byFile = await loadModel(new File([blob], "dropped.keras"));
  const worst: Record<string, number> = {};
  for (const [name, model] of Object.entries({ sequential_lstm: byAddress, sequential_deflated: byFile })) {
    const { inputs, expected } = await (await fetch(`${FOLDER}${name}.json`)).json();
    const x = inputs.map(({ shape, data }: Stored) => new Tensor(shape, "float32", Float32Array.from(data)));
    const y = [model.predict(x)].flat() as Tensor[];
    const differences = (expected as Stored[]).map(({ data }, k) => furthest(data, y[k]?.data ?? []));
    worst[name] = Math.max(...differences);
  }
  const { size } = await (await fetch(`${FOLDER}sequential_lstm.keras`)).blob();
  return { worst, missing: size - arrived };
});

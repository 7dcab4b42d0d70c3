/** A voice activity detector that many people run, frame by frame, against onnxruntime's probabilities. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadModel } from "../../src/load";
import { Tensor } from "../../src/tensor";
import { BUILDS, useBuild } from "../support";

const FOLDER = new URL("../../../shared/models/silero-vad/", import.meta.url);
const FRAME = 512;
const CONTEXT = 64;
const TOLERANCE = 1e-4;

const read = (name: string) => new Uint8Array(readFileSync(new URL(name, FOLDER)));
const options = {
  inputShapes: { input: [1, CONTEXT + FRAME] },
  constants: { sr: 16000 },
  state: { stateN: "state" },
};

/** The samples of a 16-bit mono file, in [-1, 1). */
function samples(): Float32Array {
  const { buffer } = read("test.wav");
  const view = new DataView(buffer);
  let at = 12;
  while (view.getUint32(at, false) !== 0x64617461) at += 8 + view.getUint32(at + 4, true);
  return Float32Array.from({ length: view.getUint32(at + 4, true) / 2 }, (_, k) => {
    return view.getInt16(at + 8 + 2 * k, true) / 32768;
  });
}

/** Frames of 512 samples, each behind the last 64 of the frame before. */
function* frames(): Generator<Float32Array> {
  const all = samples();
  const padded = new Float32Array(CONTEXT + Math.ceil(all.length / FRAME) * FRAME);
  padded.set(all, CONTEXT);
  for (let at = 0; at + CONTEXT < padded.length; at += FRAME) yield padded.subarray(at, at + CONTEXT + FRAME);
}

function largestDifference(run: (frame: Float32Array) => number): { worst: number; count: number } {
  const wanted: number[] = JSON.parse(new TextDecoder().decode(read("silero_vad_16k_op15.probs.json")));
  let worst = 0;
  let count = 0;
  for (const frame of frames()) {
    const difference = Math.abs(run(frame) - (wanted[count++] as number));
    worst = Math.max(worst, difference);
  }
  expect(count).toBe(wanted.length);
  return { worst, count };
}

describe.skipIf(!existsSync(FOLDER)).each(BUILDS)("Silero VAD on the %s build", (build) => {
  useBuild(build);
  const bytes = () => read("silero_vad_16k_op15.onnx");

  it("as a stream", async () => {
    const stream = (await loadModel(bytes(), { onnx: options })).createStream();
    const { worst, count } = largestDifference((frame) => stream.step(frame)[0] as number);
    expect(count).toBe(1875);
    expect(worst).toBeLessThan(TOLERANCE);
    stream.reset();
    expect(largestDifference((frame) => stream.step(frame)[0] as number).worst).toBe(worst);
  });

  it("with the state passed by hand", async () => {
    const model = await loadModel(bytes(), { onnx: { constants: { sr: 16000 } } });
    expect(model.inputs.map(({ name }) => name)).toEqual(["input", "state"]);
    let state = new Tensor([2, 1, 128], "float32", new Float32Array(256));
    const { worst } = largestDifference((frame) => {
      const input = new Tensor([1, frame.length], "float32", frame);
      const [output, after] = model.predict({ input, state }) as readonly [Tensor, Tensor];
      state = after;
      return output.data[0] as number;
    });
    expect(worst).toBeLessThan(TOLERANCE);
  });
});

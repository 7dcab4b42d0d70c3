/** `recurra demo`: an LSTM that Keras trained reads handwritten digits, row by row. */

import { readFile } from "node:fs/promises";
import { loadModel, runtime, Tensor } from "../index";
import { drawImages, type Image, parseImages } from "./digits";
import { microseconds } from "./timing";

export interface DemoOptions {
  digits: number;
  json?: boolean;
}

/** What `examples/digits/train.py` wrote. */
interface HeldOut {
  source: string;
  shape: [images: number, rows: number, columns: number];
  labels: number[];
  pixels: string[];
}
interface KerasOutputs {
  origin: string;
  shape: [images: number, classes: number];
  data: number[];
}

/** From dist/cli.js. */
const FOLDER = new URL("../examples/digits/", import.meta.url);

/** Draws some digits, then tells accuracy, agreement with Keras and time over all held-out images. */
export async function demo({ digits, json = false }: DemoOptions): Promise<void> {
  const held = (await readJson("held_out.json")) as HeldOut;
  const keras = (await readJson("keras_outputs.json")) as KerasOutputs;
  const model = await loadModel(await readFile(new URL("digits_lstm.keras", FOLDER)));
  const images = parseImages(held.pixels);
  const x = new Tensor(held.shape, "float32", Float32Array.from(images.flatMap((image) => image.pixels)));

  const y = model.predict(x) as Tensor;
  const read = images.map((_, k) => mostLikely(y.data.subarray(10 * k, 10 * k + 10)));
  const right = read.filter(({ digit }, k) => digit === held.labels[k]).length;
  const difference = keras.data.reduce((most, p, k) => Math.max(most, Math.abs(p - (y.data[k] as number))), 0);
  const single = new Tensor([1, 8, 8], "float32", x.data.slice(0, 64));
  const times = {
    alone: microseconds(() => model.predict(single)),
    together: microseconds(() => model.predict(x)) / images.length,
  };
  if (json) {
    const told = { images: images.length, right, accuracy: right / images.length, difference, microseconds: times };
    console.log(JSON.stringify({ ...told, build: runtime().build }));
    return;
  }

  console.log("An LSTM that Keras trained reads handwritten digits, one row of pixels a timestep.\n");
  model.summary();
  console.log(`\n${drawImages(spread(images, digits), (k) => caption(read, held.labels, images, digits, k))}`);
  console.log(`${right} of ${images.length} held-out images right: ${((100 * right) / images.length).toFixed(1)} %`);
  console.log(`largest difference from Keras' own probabilities: ${difference.toExponential(1)} (${keras.origin})`);
  console.log(
    `time an image: ${times.alone.toFixed(1)} µs alone, ${times.together.toFixed(1)} µs with all together ` +
      `(${runtime().build} build, Node ${process.version})`,
  );
  console.log(`data: ${held.source}`);
}

async function readJson(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(name, FOLDER), "utf8"));
}

function mostLikely(probabilities: ArrayLike<number>): { digit: number; probability: number } {
  const list = Array.from(probabilities);
  const probability = Math.max(...list);
  return { digit: list.indexOf(probability), probability };
}

/** Some of all, evenly spread. */
function spread<T>(all: readonly T[], count: number): T[] {
  const shown = Math.min(count, all.length);
  return Array.from({ length: shown }, (_, k) => all[Math.floor((k * all.length) / shown)] as T);
}

function caption(
  read: readonly { digit: number; probability: number }[],
  labels: readonly number[],
  images: readonly Image[],
  count: number,
  k: number,
): string {
  const { digit, probability } = spread(read, count)[k] as { digit: number; probability: number };
  const label = spread(labels.slice(0, images.length), count)[k];
  return `${digit === label ? "" : `not ${label} but `}${digit} (${(100 * probability).toFixed(1)} %)`;
}

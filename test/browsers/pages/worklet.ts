/** A minute of sound through a model in an AudioWorklet, every sample against the same model in the page. */
import { configure, layers, sequential } from "recurra";
import { outcome } from "./outcome";
import { different, noise } from "./signal";
import processor from "./worklet_processor.ts?worker&url";

const RATE = 48_000;
const SECONDS = 60;
const LENGTH = RATE * SECONDS;

/** Half of it dies away, through numbers that float32 no longer holds in full. */
function sound(): Float32Array<ArrayBuffer> {
  const samples = noise(LENGTH, 0.8, 7);
  for (let k = LENGTH / 2; k < LENGTH; k++) samples[k]! *= 0.5 ** ((k - LENGTH / 2) / 4000);
  return samples;
}

outcome(async () => {
  configure({ build: "baseline" });
  const model = sequential({
    layers: [
      layers.inputLayer({ shape: [null, 1] }),
      layers.lstm({ units: 16, returnSequences: true }),
      layers.dense({ units: 1 }),
    ],
  });
  const context = new OfflineAudioContext(1, LENGTH, RATE);
  await context.audioWorklet.addModule(processor);
  // Throws where no processor of that name is registered, which `addModule` does not tell.
  const node = new AudioWorkletNode(context, "model", { processorOptions: { parts: model.toParts() } });
  const heard = new Promise<{ blocks: number; gaps: number }>((resolve, reject) => {
    node.port.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    node.onprocessorerror = () => reject(new Error("the processor threw"));
  });
  const samples = sound();
  const buffer = context.createBuffer(1, LENGTH, RATE);
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(node).connect(context.destination);
  source.start();
  const start = performance.now();
  const rendered = (await context.startRendering()).getChannelData(0);
  const seconds = (performance.now() - start) / 1e3;
  const { blocks, gaps } = await heard;
  const stream = model.createStream();
  const wanted = samples.map((sample) => {
    stream.input[0] = sample;
    return stream.step()[0] as number;
  });
  return { seconds, blocks, gaps, samples: rendered.length, different: different(rendered, wanted) };
});

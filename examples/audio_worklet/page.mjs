/** The page makes the model and hands it to the audio thread. Run: npx vite examples/audio_worklet */
import { layers, sequential } from "recurra";
// The bundler makes one file of the processor and what it imports.
import processor from "./processor.mjs?worker&url";

const button = document.querySelector("button");
const status = document.querySelector("[role=status]");
let context;

/** An effect with seeded weights; load one of your own by `loadModel("amp.json")`. */
function effect() {
  return sequential({
    layers: [
      layers.inputLayer({ shape: [null, 1] }),
      layers.lstm({ units: 16, returnSequences: true }),
      layers.dense({ units: 1 }),
    ],
  });
}

async function play() {
  context = new AudioContext();
  await context.audioWorklet.addModule(processor);
  // Throws when the module did not register its processor, of which `addModule` says nothing.
  const node = new AudioWorkletNode(context, "model", { processorOptions: { parts: effect().toParts() } });
  node.port.onmessage = ({ data }) => {
    if (context.state === "running")
      status.textContent = `${data.frames} samples, ${(100 * data.load).toFixed(1)} % of the time there is`;
  };
  const tone = new OscillatorNode(context, { type: "sawtooth", frequency: 110 });
  tone
    .connect(node)
    .connect(new GainNode(context, { gain: 0.3 }))
    .connect(context.destination);
  tone.start();
}

button.addEventListener("click", async () => {
  button.disabled = true;
  const isPlaying = context?.state === "running";
  await (isPlaying ? context.close() : play());
  button.textContent = isPlaying ? "Play" : "Stop";
  if (isPlaying) status.textContent = "stopped";
  button.disabled = false;
});

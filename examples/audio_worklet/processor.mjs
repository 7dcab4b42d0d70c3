/** On the audio thread: one step of the model a sample. Nothing is allocated once it runs. */
import { modelFromParts } from "recurra/worklet";

class Model extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.stream = modelFromParts(processorOptions.parts).createStream();
    this.frames = 0;
    this.busy = 0;
  }

  process([[input]], [[output]]) {
    const start = Date.now();
    for (let k = 0; k < output.length; k++) {
      this.stream.input[0] = input?.[k] ?? 0;
      output[k] = this.stream.step()[0];
    }
    this.busy += Date.now() - start;
    this.frames += output.length;
    if (this.frames % (128 * 256) === 0) {
      this.port.postMessage({ frames: this.frames, load: (this.busy / 1e3 / this.frames) * sampleRate });
    }
    return true;
  }
}

registerProcessor("model", Model);

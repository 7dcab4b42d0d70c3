/** Silero VAD, when somebody brings its file: a frame of 32 ms with the end of the one before → speech or not. */

import { loadModel, type Stream } from "recurra";

const FRAME = 512;
const CONTEXT = 64;

export interface Speech {
  readonly probability: number;
  readonly seconds: number;
}

export class SpeechDetector {
  private readonly input = new Float32Array(CONTEXT + FRAME);

  private constructor(private readonly stream: Stream) {}

  /** @throws when the file is no Silero VAD of version 5 with inputs `input`, `state` and `sr`. */
  static async open(file: File): Promise<SpeechDetector> {
    const inputShapes = { input: [1, CONTEXT + FRAME] };
    const model = await loadModel(file, {
      onnx: { inputShapes, constants: { sr: 16000 }, state: { stateN: "state" } },
    });
    return new SpeechDetector(model.createStream());
  }

  hear(samples: Float32Array): Speech {
    const { input, stream } = this;
    input.copyWithin(0, FRAME);
    input.set(samples, CONTEXT);
    const start = performance.now();
    const [probability = 0] = stream.step(input);
    return { probability, seconds: (performance.now() - start) / 1000 };
  }
}

/** Steps a model sample by sample; after a minute, tells the page how many blocks came and how many did not. */
import { configure, type ModelParts, modelFromParts, type Stream } from "recurra/worklet";

declare const currentFrame: number;
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: unknown): void;

class ModelProcessor extends AudioWorkletProcessor {
  private readonly stream: Stream;
  private readonly end = 60 * sampleRate;
  private next = 0;
  private blocks = 0;
  private gaps = 0;

  constructor({ processorOptions }: { processorOptions: { parts: ModelParts } }) {
    super();
    configure({ build: "baseline" });
    this.stream = modelFromParts(processorOptions.parts).createStream();
  }

  process([[input]]: [Float32Array[]], [[output]]: [[Float32Array]]): boolean {
    if (currentFrame !== this.next || input === undefined) this.gaps++;
    this.next = currentFrame + output.length;
    this.blocks++;
    for (let k = 0; k < output.length; k++) {
      this.stream.input[0] = input?.[k] ?? 0;
      output[k] = this.stream.step()[0] as number;
    }
    if (this.next >= this.end) this.port.postMessage({ blocks: this.blocks, gaps: this.gaps });
    return this.next < this.end;
  }
}

registerProcessor("model", ModelProcessor);

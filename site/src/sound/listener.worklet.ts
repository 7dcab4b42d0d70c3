/** The audio thread: sound comes in, the network steps, what it heard goes to the page. */

import { modelFromParts, type Stream } from "recurra/worklet";
import { Resampler } from "./resampler";
import { FRAME, RATE, type Setup, type ToWorklet } from "./talk";

declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: unknown): void;

/** Samples in a frame of Silero VAD at 16 kHz. */
const SPEECH_FRAME = 512;

class Listener extends AudioWorkletProcessor {
  private readonly stream: Stream;
  private readonly resampler = new Resampler(sampleRate, RATE);
  private readonly frame = new Float32Array(FRAME);
  private readonly speech = new Float32Array(SPEECH_FRAME);
  private readonly silence = new Float32Array(128);
  private filled = 0;
  private spoken = 0;
  private forSpeech = false;

  constructor({ processorOptions: { parts } }: { processorOptions: Setup }) {
    super();
    this.stream = modelFromParts(parts).createStream();
    this.port.onmessage = ({ data }: MessageEvent<ToWorklet>) => {
      this.forSpeech = data.speech;
    };
    this.port.postMessage({ kind: "ready", seconds: this.measured() });
  }

  /** Seconds a step. This thread's only clock counts milliseconds, so many steps are timed, before any sound comes. */
  private measured(): number {
    for (let steps = 64; ; steps *= 2) {
      const start = Date.now();
      for (let k = 0; k < steps; k++) this.stream.step(this.frame);
      const passed = Date.now() - start;
      if (passed < 40 && steps < 1e6) continue;
      this.stream.reset();
      return passed / 1000 / steps;
    }
  }

  process([input]: Float32Array[][]): boolean {
    this.resampler.push(input?.[0] ?? this.silence, (sample) => this.take(sample));
    return true;
  }

  private take(sample: number): void {
    this.frame[this.filled++] = sample;
    if (this.filled === FRAME) this.hear();
    if (!this.forSpeech) return;
    this.speech[this.spoken++] = sample;
    if (this.spoken < SPEECH_FRAME) return;
    this.spoken = 0;
    this.port.postMessage({ kind: "speech", samples: this.speech.slice() });
  }

  private hear(): void {
    this.filled = 0;
    this.stream.step(this.frame);
    const [keys, state] = this.stream.outputs as readonly Float32Array[];
    let energy = 0;
    for (const value of this.frame) energy += value * value;
    const level = Math.sqrt(energy / FRAME);
    this.port.postMessage({ kind: "heard", keys: keys?.slice(), state: state?.slice(), level });
  }
}

registerProcessor("listener", Listener);

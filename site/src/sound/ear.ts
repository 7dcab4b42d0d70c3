/** The audio graph: keys and microphone → the listener in the audio thread. */

import { type Model, model, type SymbolicTensor } from "recurra";
import { openAddress } from "../model/open";
import { ADDRESSES } from "../model/shipped";
import listener from "./listener.worklet.ts?worker&url";
import { COLUMNS, type FromWorklet, KEYS, ROWS, type ToWorklet } from "./talk";

export class Ear {
  private microphone: MediaStream | null = null;

  private constructor(
    private readonly context: AudioContext,
    private readonly node: AudioWorkletNode,
  ) {}

  /** Starts the audio thread; to be called from a click. */
  static async open(onMessage: (message: FromWorklet) => void): Promise<Ear> {
    const context = new AudioContext();
    const [{ model: net }] = await Promise.all([
      openAddress("tones", ADDRESSES.tones),
      context.audioWorklet.addModule(listener),
      context.resume(),
    ]);
    const node = new AudioWorkletNode(context, "listener", {
      processorOptions: { parts: withStates(net as Model).toParts() },
    });
    node.port.onmessage = ({ data }: MessageEvent<FromWorklet>) => onMessage(data);
    node.connect(context.destination); // it is silent; without a destination nobody would ask it to listen
    return new Ear(context, node);
  }

  /** Sounds a key for a fifth of a second. */
  press(key: string): void {
    const { context, node } = this;
    const place = KEYS.indexOf(key);
    const gain = new GainNode(context, { gain: 0.12 });
    gain.connect(node);
    gain.connect(context.destination);
    for (const frequency of [ROWS[place >> 2], COLUMNS[place & 3]]) {
      const oscillator = new OscillatorNode(context, { frequency });
      oscillator.connect(gain);
      oscillator.start();
      oscillator.stop(context.currentTime + 0.2);
    }
  }

  /** Asks for the microphone and listens to it. */
  async useMicrophone(): Promise<void> {
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    this.microphone = await navigator.mediaDevices.getUserMedia({ audio: plain });
    this.context.createMediaStreamSource(this.microphone).connect(this.node);
  }

  wantSpeech(speech: boolean): void {
    this.node.port.postMessage({ speech } satisfies ToWorklet);
  }

  async close(): Promise<void> {
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    await this.context.close();
  }
}

/** The same network, which also tells what its GRU holds. */
function withStates(net: Model): Model {
  const answer = net.outputs[0] as SymbolicTensor;
  return model({ inputs: [...net.inputs], outputs: [answer, answer.node.inputs[0] as SymbolicTensor] });
}

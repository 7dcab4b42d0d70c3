/** A network in the audio thread: telephone keys, the microphone, and speech. */

import { useEffect, useRef, useState } from "preact/hooks";
import { duration } from "../numbers";
import { DropZone } from "../parts/drop_zone";
import { HeatMap } from "../parts/heat_map";
import { Ear } from "../sound/ear";
import { type Speech, SpeechDetector } from "../sound/speech";
import { FRAME, type FromWorklet, type Heard, KEYS, RATE } from "../sound/talk";

/** Frames in the pictures: 2.6 seconds. */
const WINDOW = 160;
const FRAME_SECONDS = FRAME / RATE;
/** A key counts when the network is this sure for two frames. */
const SURE = 0.8;

/** The key that the last two frames agree on, or none. */
function keyOf(frames: readonly Heard[]): string | null {
  const [before, now] = frames.slice(-2);
  if (!before || !now) return null;
  const best = now.keys.indexOf(Math.max(...now.keys));
  const both = Math.min(now.keys[best] as number, before.keys[best] as number);
  return both > SURE ? (KEYS[best] ?? null) : null;
}

export function SoundView() {
  const ear = useRef<Ear | null>(null);
  const detector = useRef<SpeechDetector | null>(null);
  const frames = useRef<Heard[]>([]);
  const speech = useRef<Speech[]>([]);
  const held = useRef<string | null>(null);
  const [step, setStep] = useState<number | null>(null);
  const [microphone, setMicrophone] = useState(false);
  const [heard, setHeard] = useState("");
  const [problem, complain] = useState<string | null>(null);
  const [speaks, setSpeaks] = useState(false);
  const [, redraw] = useState(0);

  const take = (message: FromWorklet) => {
    if (message.kind === "ready") setStep(message.seconds);
    else if (message.kind === "speech") {
      if (detector.current)
        speech.current = [...speech.current, detector.current.hear(message.samples)].slice(-WINDOW / 2);
    } else {
      frames.current = [...frames.current, message].slice(-WINDOW);
      const key = keyOf(frames.current);
      if (key !== null && key !== held.current) setHeard((text) => (text + key).slice(-24));
      held.current = key;
    }
  };
  useEffect(() => {
    const timer = setInterval(() => ear.current && redraw((n) => n + 1), 50);
    return () => {
      clearInterval(timer);
      void ear.current?.close();
    };
  }, []);
  const trying = (doing: () => Promise<unknown>) =>
    doing().then(
      () => complain(null),
      (error) => complain(error instanceof Error ? error.message : String(error)),
    );
  const listen = () =>
    trying(async () => {
      ear.current ??= await Ear.open(take);
      ear.current.wantSpeech(detector.current !== null);
    });
  const useMicrophone = () =>
    trying(async () => {
      await listen();
      await ear.current?.useMicrophone();
      setMicrophone(true);
    });
  const bring = ([file]: readonly File[]) =>
    trying(async () => {
      detector.current = await SpeechDetector.open(file as File);
      setSpeaks(true);
      ear.current?.wantSpeech(true);
    });
  const list = frames.current;
  const level = list.at(-1)?.level ?? 0;
  return (
    <div class="sound">
      <section class="sheet stack tight" aria-label="Make a sound">
        <div class="row">
          <button
            type="button"
            class={step === null ? "main" : ""}
            disabled={step !== null}
            onClick={() => void listen()}
          >
            Listen to the keys
          </button>
          <button type="button" disabled={microphone} onClick={() => void useMicrophone()}>
            Use the microphone
          </button>
        </div>
        <fieldset class="keys" aria-label="Telephone keys">
          {[...KEYS].map((key) => (
            <button
              type="button"
              key={key}
              aria-label={`Key ${key}`}
              data-held={held.current === key}
              disabled={step === null}
              onClick={() => ear.current?.press(key)}
            >
              {key}
            </button>
          ))}
        </fieldset>
        <p class="quiet small">
          Each key sounds two tones; the network only hears them. With the microphone, hold a telephone that plays its
          keys to it, or whistle and talk: it should stay silent.
        </p>
        <label class="field">
          Level
          <meter min={0} max={0.2} value={Math.min(0.2, level)} />
        </label>
      </section>
      <section class="sheet stack" aria-labelledby="hears">
        <h2 id="hears">What it hears</h2>
        <p class="heard mono" aria-live="polite" data-testid="heard">
          {heard || <span class="quiet">nothing yet</span>}
        </p>
        {step !== null && (
          <dl class="facts">
            <div>
              <dt>one step in the audio thread</dt>
              <dd data-testid="step-time">{duration(step)}</dd>
            </div>
            <div>
              <dt>of the {FRAME_SECONDS * 1000} ms it hears</dt>
              <dd>{((100 * step) / FRAME_SECONDS).toFixed(2)} %</dd>
            </div>
          </dl>
        )}
        <HeatMap
          name="keys, over the last 2.6 seconds"
          kind="open"
          heat={{ rows: 17, columns: WINDOW, at: (row, column) => list[list.length - WINDOW + column]?.keys[row] ?? 0 }}
          rowName={(row) => (row < KEYS.length ? `key ${KEYS[row]}` : "no key")}
          columnName={(column) => `${((column - WINDOW) * FRAME_SECONDS).toFixed(1)} s`}
          labels={[...KEYS, "–"]}
          height={190}
        />
        <HeatMap
          name="the GRU's 32 hidden units"
          kind="signed"
          heat={{
            rows: 32,
            columns: WINDOW,
            at: (row, column) => list[list.length - WINDOW + column]?.state[row] ?? 0,
          }}
          columnName={(column) => `${((column - WINDOW) * FRAME_SECONDS).toFixed(1)} s`}
          height={190}
        />
      </section>
      {problem && (
        <p class="notice whole" role="alert">
          {problem}
        </p>
      )}
      <section class="sheet stack whole" aria-labelledby="speech">
        <div class="row">
          <h2 id="speech">Is somebody speaking?</h2>
        </div>
        <DropZone label="Choose silero_vad.onnx" accept=".onnx" onFiles={(files) => void bring(files)}>
          <b>{speaks ? "Silero VAD listens" : "Bring Silero VAD"}</b>
          <p class="quiet small">
            Drop the file of Silero VAD 5 (its 16 kHz model); it hears what the microphone hears, frame by frame.
          </p>
        </DropZone>
        {speaks && <SpeechPanel speech={speech.current} listening={microphone} />}
      </section>
    </div>
  );
}

function SpeechPanel({ speech, listening }: { speech: readonly Speech[]; listening: boolean }) {
  const last = speech.at(-1);
  const columns = WINDOW / 2;
  const times = speech.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const middle = times[times.length >> 1];
  return (
    <>
      {!listening && <p class="quiet">It waits for the microphone.</p>}
      <dl class="facts">
        <div>
          <dt>speech</dt>
          <dd data-testid="speech">{last ? `${Math.round(100 * last.probability)} %` : "–"}</dd>
        </div>
        <div>
          <dt>one step, median</dt>
          <dd>{middle === undefined ? "–" : duration(middle)}</dd>
        </div>
      </dl>
      <HeatMap
        name="speech, over the last 2.6 seconds"
        kind="open"
        heat={{ rows: 1, columns, at: (_, column) => speech[speech.length - columns + column]?.probability ?? 0 }}
        rowName={() => "speech"}
        height={46}
      />
    </>
  );
}

/** The race, its results, and what takes them along. */

import { useEffect, useRef, useState } from "preact/hooks";
import { asText } from "../race/as_text";
import { type Result, race } from "../race/race";
import { SHORT, WORKLOADS } from "../race/workloads";
import { RaceChart, RaceTable } from "./race_results";

const SHORT_RACE = { rounds: 3, seconds: 0.06 };
const LONG_RACE = { rounds: 5, seconds: 0.25 };
const TAKEN = {
  copied: "The results are in the clipboard.",
  shut: "The browser keeps its clipboard shut: copy them from here.",
};

export function RaceView() {
  const [results, setResults] = useState<readonly Result[]>([]);
  const [step, setStep] = useState<{ what: string; share: number } | null>(null);
  const [problem, complain] = useState<string | null>(null);
  const [taken, setTaken] = useState<"copied" | "shut" | null>(null);
  const stopping = useRef<AbortController | null>(null);
  useEffect(() => () => stopping.current?.abort(), []);
  const start = async (workloads: readonly string[], pace: typeof SHORT_RACE) => {
    const controller = new AbortController();
    stopping.current = controller;
    setResults([]);
    setTaken(null);
    complain(null);
    setStep({ what: "Workers start", share: 0 });
    try {
      await race({
        workloads,
        ...pace,
        signal: controller.signal,
        onStep: (what, share) => setStep({ what, share }),
        onResult: (result) => setResults((all) => [...all, result]),
      });
    } catch (error) {
      if (!controller.signal.aborted) complain(error instanceof Error ? error.message : String(error));
    }
    if (stopping.current === controller) setStep(null);
  };
  const raced = WORKLOADS.filter(({ name }) => results.some(({ workload }) => workload === name));
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(asText(results)); // there is no clipboard on pages without https
      setTaken("copied");
    } catch {
      setTaken("shut");
    }
  };
  return (
    <div class="stack race">
      <div class="row">
        {step === null ? (
          <>
            <button type="button" class="main" onClick={() => void start(SHORT, SHORT_RACE)}>
              Start the short race
            </button>
            <button
              type="button"
              onClick={() =>
                void start(
                  WORKLOADS.map(({ name }) => name),
                  LONG_RACE,
                )
              }
            >
              All {WORKLOADS.length} workloads
            </button>
            {results.length > 0 && (
              <button type="button" onClick={() => void copy()}>
                {taken === "copied" ? "Copied" : "Copy the results"}
              </button>
            )}
          </>
        ) : (
          <>
            <button type="button" onClick={() => stopping.current?.abort()}>
              Stop
            </button>
            <progress value={step.share} max={1} aria-label="Progress of the race" />
          </>
        )}
        <span class="quiet small" role="status" data-testid="race-step">
          {step?.what ?? (taken === null ? "" : TAKEN[taken])}
        </span>
      </div>
      {taken === "shut" && (
        <textarea
          readOnly
          rows={WORKLOADS.length}
          class="mono small"
          aria-label="The results as text"
          data-testid="race-text"
          value={asText(results)}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
      {problem && (
        <p class="notice" role="alert">
          {problem}
        </p>
      )}
      {raced.length > 0 && <RaceChart results={results} names={raced.map(({ name }) => name)} />}
      {raced.length > 0 && <RaceTable results={results} />}
      {step === null && results.length > 0 && (
        <p data-testid="race-done" class="unseen">
          The race is over.
        </p>
      )}
      <section class="sheet stack tight small" aria-labelledby="rules">
        <h2 id="rules">The rules</h2>
        <p>
          Each contestant has a worker of its own and runs alone, on one thread, in rounds whose order rotates; the
          median of the rounds counts. Time goes from a typed array to a typed array. Every answer is first compared
          with a float64 computation of the equations; what differs by 1e-4 or more is out.
        </p>
        <p class="quiet">
          onnxruntime-web (14 MB of WebAssembly) and TensorFlow.js are downloaded when a race starts. TensorFlow.js
          knows no reset_after, so its GRU computes the other form. A busy machine makes all of them slow.
        </p>
      </section>
    </div>
  );
}

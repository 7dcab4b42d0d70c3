/** Header, views by address, footer. */

import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { runtime } from "recurra";
import { choose, useTheme } from "./theme";
import { DigitsView } from "./views/digits_view";
import { ModelView } from "./views/model_view";
import { RaceView } from "./views/race_view";
import { RhymesView } from "./views/rhymes_view";
import { SoundView } from "./views/sound_view";

interface Page {
  readonly path: string;
  readonly tab: string;
  readonly title: string;
  readonly lead: string;
  readonly View: ComponentType;
}

const PAGES: readonly Page[] = [
  {
    path: "model",
    tab: "Model",
    title: "Open a network, see it think",
    lead: "Drop a file that Keras, TensorFlow.js, PyTorch or ONNX wrote. It runs in this page; nothing is uploaded.",
    View: ModelView,
  },
  {
    path: "digits",
    tab: "Digits",
    title: "An LSTM reads what you draw",
    lead: "It sees eight rows of eight pixels, one row at a time, and makes up its mind on the way down.",
    View: DigitsView,
  },
  {
    path: "rhymes",
    tab: "Rhymes",
    title: "A GRU writes, letter by letter",
    lead: "51,162 numbers learned 36 nursery rhymes. Each letter is drawn from what they expect next.",
    View: RhymesView,
  },
  {
    path: "sound",
    tab: "Sound",
    title: "A network that listens, live",
    lead: "It hears the keys of a telephone in frames of 16 ms, inside the audio thread, with time to spare.",
    View: SoundView,
  },
  {
    path: "race",
    tab: "Race",
    title: "Race it in this browser",
    lead: "The same networks, the same weights, the same answers: recurra, onnxruntime-web and TensorFlow.js in turn.",
    View: RaceView,
  },
];

const current = () => PAGES.find(({ path }) => location.hash === `#/${path}`) ?? (PAGES[0] as Page);

export function App() {
  const [page, turn] = useState(current);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const go = () => {
      turn(current());
      scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    };
    addEventListener("hashchange", go);
    return () => removeEventListener("hashchange", go);
  }, []);
  useEffect(() => {
    document.title = `${page.tab} · recurra playground`;
  }, [page]);
  const { View } = page;
  return (
    <>
      <button type="button" class="skip" onClick={() => heading.current?.focus()}>
        Skip to content
      </button>
      <header class="top">
        <div class="shell">
          <a class="brand" href="#/model">
            <Loop />
            recurra
          </a>
          <nav class="tabs" aria-label="Views">
            {PAGES.map(({ path, tab }) => (
              <a key={path} href={`#/${path}`} aria-current={path === page.path ? "page" : undefined}>
                {tab}
              </a>
            ))}
          </nav>
          <ThemeButton />
        </div>
      </header>
      <main class="shell" id="content" key={page.path}>
        <h1 ref={heading} tabIndex={-1}>
          {page.title}
        </h1>
        <p class="lead">{page.lead}</p>
        <View />
      </main>
      <Foot />
    </>
  );
}

function Loop() {
  return (
    <svg
      width="24"
      height="24"
      viewBox="0 0 32 32"
      fill="none"
      stroke="currentColor"
      stroke-width="3.4"
      aria-hidden="true"
    >
      <path d="M7 22V14a7 7 0 0 1 14 0v4m-5-4 5 5 5-5" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

/** A disc and eight rays. */
const SUN = [
  "M10 2v2m0 12v2M2 10h2m12 0h2M4.5 4.5l1.4 1.4m8.2 8.2 1.4 1.4m0-11-1.4 1.4m-8.2 8.2-1.4 1.4",
  "M13.5 10a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0Z",
].join("");

function ThemeButton() {
  const theme = useTheme();
  const next = theme === "dark" ? "light" : "dark";
  return (
    <button type="button" class="icon" aria-label={`Use the ${next} theme`} onClick={() => choose(next)}>
      <svg
        width="20"
        height="20"
        viewBox="0 0 20 20"
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        aria-hidden="true"
      >
        {theme === "dark" ? (
          <path d={SUN} stroke-linecap="round" />
        ) : (
          <path d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z" stroke-linejoin="round" />
        )}
      </svg>
    </button>
  );
}

function Foot() {
  const { build, fusedMultiplyAdd } = runtime();
  return (
    <footer class="foot">
      <div class="shell">
        <span>
          Kernels: <b>{build}</b> build{fusedMultiplyAdd ? ", with fused multiply-add" : ", the same bits everywhere"}
        </span>
        <span>Everything runs in this page. Nothing is uploaded.</span>
        <span>MIT licence</span>
      </div>
    </footer>
  );
}

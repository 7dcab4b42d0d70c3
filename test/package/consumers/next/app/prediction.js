"use client";
/** The program in the page, after hydration: whoever opened it reads `outcome`. */
import { useEffect, useState } from "react";
import { program } from "../program.js";

export function Prediction() {
  const [text, setText] = useState("not yet");
  useEffect(() => {
    const told = program("model.keras").then(
      (value) => ({ value }),
      (error) => ({ error: String(error?.stack ?? error) }),
    );
    told.then((outcome) => setText(JSON.stringify(outcome)));
    globalThis.problems = [];
    globalThis.outcome = told;
  }, []);
  return <pre id="page">{text}</pre>;
}

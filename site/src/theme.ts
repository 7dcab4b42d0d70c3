/** Dark or light: as the system says, until somebody chooses. Pictures drawn on canvases follow. */

import { useEffect, useState } from "preact/hooks";

export type Theme = "light" | "dark";

const root = document.documentElement;
const listeners = new Set<(theme: Theme) => void>();

export const theme = (): Theme => (root.dataset.theme === "dark" ? "dark" : "light");

function show(next: Theme): void {
  root.dataset.theme = next;
  for (const listener of listeners) listener(next);
}

export function choose(next: Theme): void {
  localStorage.setItem("theme", next);
  show(next);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ({ matches }) => {
  if (localStorage.getItem("theme") === null) show(matches ? "dark" : "light");
});

/** The theme, rendered anew when it changes. */
export function useTheme(): Theme {
  const [now, set] = useState(theme);
  useEffect(() => {
    listeners.add(set);
    return () => {
      listeners.delete(set);
    };
  }, []);
  return now;
}

/** A colour of tokens.css as three numbers 0..255. */
export function rgb(token: string): [number, number, number] {
  const hex = getComputedStyle(root).getPropertyValue(token).trim().slice(1);
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
}

/** A colour of tokens.css as CSS. */
export const colour = (token: string): string => getComputedStyle(root).getPropertyValue(token).trim();

/** Loads a page of examples/ quietly, on the sources instead of the built package. */

import { vi } from "vitest";
import type { Tensor } from "../../src/tensor";

/** What a page exports, and what it printed. */
export interface Page<Exports> {
  readonly exports: Exports;
  readonly printed: string;
}

export async function page<Exports>(name: string): Promise<Page<Exports>> {
  const lines: string[] = [];
  const print = vi.spyOn(console, "log").mockImplementation((...parts) => void lines.push(parts.join(" ")));
  try {
    return { exports: (await import(`../../examples/${name}.mjs`)) as Exports, printed: lines.join("\n") };
  } finally {
    print.mockRestore();
  }
}

/** A model as its table shows it. */
export interface Shown {
  countParams(): number;
  readonly layers: readonly { countParams(): number }[];
  readonly outputs: readonly { readonly shape: readonly (number | null)[] }[];
}

export const shapes = (results: readonly Tensor[]) => results.map((t) => t.shape);

/** What a suite found: lines on the terminal, and a file that scripts/bench.mjs gathers. */

import { mkdirSync, writeFileSync } from "node:fs";
import { machine } from "./machine.mjs";
import type { Timing } from "./rounds";

/** A measured thing. Shares are of the roofline, or of the bandwidth, measured in the same rounds. */
export interface Row extends Timing {
  readonly name: string;
  readonly what: string;
  readonly gflops?: number;
  readonly ofRoofline?: number;
  readonly gbps?: number;
  readonly ofBandwidth?: number;
}

export interface Suite {
  readonly suite: string;
  readonly build: string;
  readonly rounds: number;
  /** GFLOP/s of multiply-adds in registers. */
  readonly roofline: number;
  readonly rows: readonly Row[];
}

/** Prints a suite and keeps it in build/bench/results. */
export function report(suite: Suite): void {
  const described = { ...machine(), ...suite };
  const { cpu, engine, build, roofline } = described;
  console.log(`${suite.suite}: ${cpu}, ${engine}, ${build} build, roofline ${roofline.toFixed(1)} GFLOP/s`);
  const width = Math.max(...suite.rows.map(({ what }) => what.length));
  for (const row of suite.rows) {
    const shares = [
      row.gflops === undefined ? "" : `${row.gflops.toFixed(1)} GFLOP/s`,
      row.ofRoofline === undefined ? "" : `${percent(row.ofRoofline)} of roof`,
      row.gbps === undefined ? "" : `${row.gbps.toFixed(1)} GB/s`,
      row.ofBandwidth === undefined ? "" : `${percent(row.ofBandwidth)} of bandwidth`,
    ];
    const [gflops, ...others] = shares as [string, ...string[]];
    const times = `${time(row.median).padStart(11)} ${`±${percent(row.spread / 2)}`.padStart(7)}`;
    const named = `${row.name.padEnd(12)} ${row.what.padEnd(width)}`;
    console.log(`${named} ${times} ${gflops.padStart(14)} ${others.filter(Boolean).join(", ")}`);
  }
  mkdirSync("build/bench/results", { recursive: true });
  writeFileSync(`build/bench/results/${suite.suite}.json`, JSON.stringify(described, null, 1));
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

function time(seconds: number): string {
  return seconds < 1e-3 ? `${(seconds * 1e6).toFixed(2)} µs` : `${(seconds * 1e3).toFixed(2)} ms`;
}

/** Two files of benchmark results side by side. */

/**
 * Prints, for what both files have, the new median over the old one and whether it is beyond both spreads.
 *
 * @returns Whether something became slower.
 */
export function compare(old, now, print = console.log) {
  let slower = 0;
  for (const [key, suite] of Object.entries(now)) {
    const before = old[key];
    if (!before) {
      print(`${key}: not in the old file`);
      continue;
    }
    print(`${key}: ${suite.commit} over ${before.commit} (${before.engine}, ${before.cpu})`);
    if (before.cpu !== suite.cpu || before.engine !== suite.engine) print("  another processor or engine: no verdict");
    for (const row of suite.rows) {
      const past = before.rows.find(({ name }) => name === row.name);
      if (!past) continue;
      const ratio = row.median / past.median;
      const doubt = (row.spread + past.spread) / 2;
      const verdict = ratio > 1 + doubt ? "slower" : ratio < 1 - doubt ? "faster" : "";
      if (verdict === "slower" && before.cpu === suite.cpu && before.engine === suite.engine) slower++;
      print(`  ${row.name.padEnd(14)} ${ratio.toFixed(3)} ± ${doubt.toFixed(3)} ${verdict}`);
    }
  }
  return slower > 0;
}

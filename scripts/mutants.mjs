/**
 * Plants one bug after another in a copy of the tree and runs the tests that should notice it. Fails when a
 * bug survives or its patch no longer applies.
 * Usage: node scripts/mutants.mjs [NAME…]; the bugs are listed in scripts/mutants_table.mjs.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MUTANTS } from "./mutants_table.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const settings = ["package.json", "tsconfig.json", "asconfig.json", "vitest.config.ts"];
const copied = [...settings, "assembly", "src", "scripts", "test", "bench/worker_bundle.ts"];
const copy = mkdtempSync(join(tmpdir(), "recurra-mutants-"));
const report = join(copy, "report.json");

function run(command, args) {
  return spawnSync(command, args, { cwd: copy, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
}

function buildWasm() {
  const { status, stderr } = run("npm", ["run", "--silent", "build:wasm"]);
  return status === 0 ? "" : stderr;
}

/** How many tests of these files passed and failed; a file that does not even load is an error, not a catch. */
function runTests(tests) {
  rmSync(report, { force: true });
  const flags = ["--typecheck.enabled=false", "--bail=1", "--reporter=json", `--outputFile.json=${report}`];
  const { stdout, stderr } = run("npx", ["--no-install", "vitest", "run", ...flags, ...tests]);
  if (!existsSync(report)) throw new Error(`vitest wrote no report\n${stdout}\n${stderr}`);
  const { numPassedTests: passed, numFailedTests: failed, testResults } = JSON.parse(readFileSync(report, "utf8"));
  const first = testResults.flatMap((file) => file.assertionResults).find(({ status }) => status === "failed");
  return { passed, failed, first: first && `${first.fullName}: ${first.failureMessages[0].split("\n")[0]}` };
}

/** Applies the patch; the text to find must be there exactly once. */
function patched(source, { file, find, replace }) {
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`${file}: expected the text of the patch once, found it ${places} times`);
  if (find === replace) throw new Error(`${file}: expected a patch that changes something`);
  return source.replace(find, () => replace);
}

/** What went wrong, or an empty string when the bug was caught; `caught` hears how. */
function tryMutant(mutant, caught) {
  const path = join(copy, mutant.file);
  const original = readFileSync(path, "utf8");
  try {
    writeFileSync(path, patched(original, mutant));
    const broken = buildWasm(); // does nothing when no kernel changed since the last bug
    if (broken) return `does not compile: ${broken}`;
    const { failed, first } = runTests(mutant.tests);
    if (failed === 0) return `survived ${mutant.tests.join(", ")}`;
    caught(`${failed} failed, first ${first}`);
    return "";
  } catch (error) {
    return error.message;
  } finally {
    writeFileSync(path, original);
  }
}

function main(names) {
  const unknown = names.filter((name) => !MUTANTS.some((mutant) => mutant.name === name));
  if (unknown.length > 0) throw new Error(`mutants: expected names of the table, got ${unknown.join(", ")}`);
  const chosen = MUTANTS.filter(({ name }) => names.length === 0 || names.includes(name));
  for (const name of copied) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));

  const broken = buildWasm();
  if (broken) throw new Error(`the unchanged kernels do not compile: ${broken}`);
  const healthy = runTests([...new Set(chosen.flatMap(({ tests }) => tests))]);
  if (healthy.failed > 0 || healthy.passed === 0) {
    throw new Error(
      `without a bug: expected passing tests, got ${healthy.passed} passed, first failure ${healthy.first}`,
    );
  }
  console.log(`without a bug: ${healthy.passed} passed`);

  let failures = 0;
  for (const mutant of chosen) {
    const start = Date.now();
    let how = "";
    const problem = tryMutant(mutant, (text) => {
      how = text;
    });
    if (problem) failures++;
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    console.log(`${problem ? "NOT CAUGHT" : "caught"} ${mutant.name} (${seconds} s): ${problem || how}`);
  }
  const totals = { numPassedTests: chosen.length - failures, numFailedTests: failures };
  if (process.env.REPORTS) writeFileSync(join(process.env.REPORTS, "mutants.json"), JSON.stringify(totals));
  return failures;
}

try {
  process.exitCode = main(process.argv.slice(2)) > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

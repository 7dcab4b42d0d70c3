#!/usr/bin/env node
/** The command line: `recurra summary | predict | bench | convert | demo`. */

import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { configure, IoError, RecurraError } from "../index";
import { bench } from "./bench";
import { convert } from "./convert";
import { demo } from "./demo";
import { type PredictOptions, predict } from "./predict";
import { summary } from "./summary";
import { version } from "./version";

const DONE = 0;
const FAILED = 1;
const USAGE = 2;

/** A number of things, so many at least. */
function atLeast(least: number): (text: string) => number {
  return (text) => {
    const read = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isSafeInteger(read) && read >= least) return read;
    throw new InvalidArgumentError(`Expected a whole number, ${least} or more.`);
  };
}
const count = atLeast(1);
const counts = (text: string) => text.split(",").map(count);
const json = () => new Option("--json", "errors and results as JSON, for programs");
const build = () =>
  new Option("--build <name>", "the kernels; wide: faster, Node 24 or later on x64").choices([
    "baseline",
    "relaxed",
    "wide",
  ]);

const program = new Command("recurra")
  .description("Runs Keras recurrent networks on WebAssembly SIMD kernels")
  .version(version)
  .exitOverride()
  .hook("preAction", (_, command) => {
    const { build } = command.opts();
    if (build) configure({ build });
  })
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "recurra: ")) });

program
  .command("summary")
  .description("print the layers of a model file")
  .argument("<file>", "a model file, or its URL")
  .addOption(new Option("--style <style>", "the table of Keras 2 or of Keras 3").choices(["classic", "box"]))
  .option("--line-length <columns>", "width of the table", count)
  .addOption(json())
  .action(summary);

program
  .command("predict")
  .description("run a model on data")
  .argument("<file>", "a model file, or its URL")
  .requiredOption(
    "--input <file...>",
    "x.npy, .json, .jsonl[.gz], .csv[.gz] or - (.jsonl from stdin); NAME=FILE once for each of several",
  )
  .option("--output <file>", "y.npy, .json or .jsonl; several outputs get numbers: y.0.npy (default: JSON to stdout)")
  .option("--threads <count>", "how many work at once (default: as many as the machine runs)", count)
  .option("--batch-size <samples>", "samples at a time (default: what fits a bounded memory)", count)
  .addOption(build())
  .option("--resume", "go on where an interrupted run with the same --output stopped")
  .option("--rejected <file>", "go on past samples that cannot be scored, and list them in this file of JSON lines")
  .addOption(json())
  .action(async (file: string, options: PredictOptions) => {
    process.exitCode = await predict(file, options);
  });

program
  .command("bench")
  .description("tell how long a model takes on this machine")
  .argument("<file>", "a model file, or its URL")
  .option("--batch <samples>", "samples of one call, as 1,32", counts, [1, 32])
  .option("--timesteps <count>", "where the model leaves it open", count, 100)
  .addOption(build())
  .addOption(json())
  .action(bench);

program
  .command("convert")
  .description("write a model as .keras, or its weights as .safetensors")
  .argument("<file>", "a model file, or its URL")
  .requiredOption("-o, --output <file>", "model.keras or weights.safetensors")
  .option("--torch <modules>", 'the modules of a PyTorch state dict: \'[{"type":"lstm","output":"last"}]\'')
  .addOption(json())
  .action(convert);

program
  .command("demo")
  .description("read handwritten digits with the LSTM that ships in the package")
  .option("--digits <count>", "how many to draw", atLeast(0), 5)
  .addOption(json())
  .action(demo);

/** One line on stderr, or an object for programs. */
function report(e: unknown): number {
  if (e instanceof CommanderError) return e.exitCode === 0 ? DONE : USAGE;
  const known = RecurraError.is(e);
  const message = e instanceof Error ? e.message : String(e);
  const told = process.argv.includes("--json")
    ? JSON.stringify({
        error: { code: known ? e.code : "internal", message, ...(known ? { details: e.details } : {}) },
      })
    : `recurra: ${message.replaceAll("\n", " ")}`;
  console.error(told);
  return FAILED;
}

process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
  if (cause.code === "EPIPE") process.exit(DONE); // a reader that has seen enough: `recurra … | head`
  process.exit(report(new IoError("standard output", "room for what is written", cause.code ?? "none", { cause })));
});

try {
  await program.parseAsync();
} catch (e) {
  process.exitCode = report(e);
}

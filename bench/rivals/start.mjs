/** Starts a contestant in a process of its own and gives a way to ask it. */

import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openPage } from "./browser.mjs";

/** @returns {Promise<{ ask: (order: object) => Promise<object>, close: () => Promise<void>, version: string }>} */
export async function start({ file, run, nodeFlags = [] }, { node, python, chromium, port }) {
  const here = (path) => fileURLToPath(new URL(path, import.meta.url));
  const connection =
    run === "chromium"
      ? await openPage(file, port, found(chromium))
      : run === "python"
        ? await talk(python, [here("python/answer.py"), file])
        : await talk(node, [...nodeFlags, here("process.mjs"), file]);
  const ask = async (order) => {
    const answer = await connection.ask(order);
    if (answer.error) throw new Error(answer.error.trim().split("\n", 1)[0]);
    return answer;
  };
  return { ...connection, ask };
}

/** The path of a program that the shell would find. */
export function found(program) {
  const folders = ["", ...(process.env.PATH ?? "").split(delimiter)];
  return folders.map((folder) => resolve(folder, program)).find(existsSync) ?? program;
}

const versions = new Map();
async function versionOf(program) {
  if (!versions.has(program)) versions.set(program, (await promisify(execFile)(program, ["--version"])).stdout.trim());
  return versions.get(program);
}

/** Lines of JSON over standard input and output. */
async function talk(program, args) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (data) => {
    complaints = `${complaints}${data}`.slice(-2000);
  });
  const failed = new Promise((_, reject) => {
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`ended with ${code}: ${complaints}`)));
  });
  failed.catch(() => {});
  child.stdin.on("error", () => {}); // it has ended, and that is told
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    version: await versionOf(program),
    async ask(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const { value } = await Promise.race([lines.next(), failed]);
      if (value === undefined) await failed; // no more answers: it ends
      return JSON.parse(value);
    },
    close: () =>
      new Promise((done) => {
        if (child.exitCode !== null) return done();
        child.once("exit", done);
        child.stdin.end();
      }),
  };
}

/**
 * The packed library in a project of Next.js, which has nothing configured: a server component, a route and a client
 * component give the numbers of Node, and nothing is said on the page's console or by the server.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BROWSERS, type Browser, type Tab } from "../../browsers/browser";
import { type Packed, packAndInstall, root, run } from "../packed";

const HERE = join(root, "test/package/consumers");
const NEXT = "node_modules/next/dist/bin/next";
process.env.NEXT_TELEMETRY_DISABLED = "1";

let packed: Packed;
let project: string;
let wanted: unknown;
beforeAll(() => {
  packed = packAndInstall();
  project = join(packed.project, "next");
  cpSync(join(HERE, "next"), project, { recursive: true });
  for (const name of ["program.js", "server.js"]) copyFileSync(join(HERE, name), join(project, name));
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", packed.tarball], project);
  mkdirSync(join(project, "public"));
  copyFileSync(join(packed.installed, "examples/digits/digits_lstm.keras"), join(project, "public/model.keras"));
  wanted = JSON.parse(run("node", ["server.js", "public/model.keras"], project));
}, 300_000);
afterAll(() => rmSync(packed.project, { recursive: true, force: true }));

/** Next's own server, on a port that is free. */
async function start(): Promise<{ url: string; said: string[]; process: ChildProcess }> {
  const child = spawn("node", [NEXT, "start", "--hostname", "127.0.0.1", "--port", "0"], { cwd: project });
  const said: string[] = [];
  child.stderr.on("data", (data) => said.push(String(data)));
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (data) => {
      text += data;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (found && text.includes("Ready")) resolve(`${found[0]}/`);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`next start ended with ${code}: ${text}${said.join("")}`)));
  });
  return { url, said, process: child };
}

describe("Next.js", () => {
  let server: Awaited<ReturnType<typeof start>>;
  let browser: Browser;
  let tab: Tab;
  beforeAll(async () => {
    run("node", [NEXT, "build"], project);
    server = await start();
    browser = await (BROWSERS.chromium as () => Promise<Browser>)();
    tab = await browser.tab();
  });
  afterAll(async () => {
    server?.process.kill();
    await browser?.close();
  });

  it("answers from a route", async () => {
    expect(await (await fetch(`${server.url}predict`)).json()).toEqual(wanted);
    expect(server.said).toEqual([]);
  });

  it("predicts on the server, and in the page after hydration", async () => {
    const { value, error, problems } = await tab.open(server.url);
    expect(error).toBeUndefined();
    expect(problems).toEqual([]);
    expect(value).toEqual(wanted);
    expect(JSON.parse((await tab.evaluate('document.querySelector("#server").textContent')) as string)).toEqual(wanted);
    expect(server.said).toEqual([]);
  });
});

/** WebKit by its WebDriver, on a display of its own where there is none. */
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser, Tab } from "./browser";
import { OUTCOME, outcomeOf } from "./outcome";

const TIMEOUT = 300_000;
/** As WebDriver spells the key. */
const CONTROL = "\uE009";

/** A browser that answers to WebDriver; it has one tab, which is enough. */
export interface Session {
  readonly version: string;
  goto(url: string): Promise<void>;
  /** Runs an expression in the page; a promise is waited for. */
  evaluate(expression: string): Promise<unknown>;
  /** Clicks the element that an expression gives, as a user does. */
  click(element: string): Promise<void>;
  /** Draws one stroke over the page: from the first point, pressed, to the last. In pixels. */
  draw(points: readonly (readonly [x: number, y: number])[]): Promise<void>;
  /** Presses Ctrl and V. */
  paste(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param env For the browser, whose engine reads its options there.
 * @param options Of its command line, without the hyphens.
 */
export async function openSession(
  driver: string,
  env: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
): Promise<Session> {
  const port = await freePort();
  const command = [driver, `--port=${port}`];
  if (!process.env.DISPLAY) command.unshift("xvfb-run", "--auto-servernum");
  const [program, ...args] = command as [string, ...string[]];
  const child = spawn(program, args, { detached: true, stdio: "ignore", env: { ...process.env, ...env } });
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  const end = () => void (child.pid && process.kill(-child.pid));
  const ask = client(`http://127.0.0.1:${port}`);
  try {
    await Promise.race([failed, answering(ask)]);
    // Without a display the driver would never answer.
    const browser = { args: ["automation", ...options].map((option) => `--${option}`) };
    const alwaysMatch = { browserName: "MiniBrowser", "webkitgtk:browserOptions": browser };
    const session = await ask("POST", "/session", { capabilities: { alwaysMatch } });
    const { sessionId, capabilities } = session as { sessionId: string; capabilities: Record<string, string> };
    const path = `/session/${sessionId}`;
    await ask("POST", `${path}/timeouts`, { script: TIMEOUT });
    return {
      version: `WebKitGTK ${capabilities.browserVersion}`,
      ...commands(ask, path),
      async close() {
        await ask("DELETE", path);
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

/** What a test sees of it. */
export async function withWebDriver(driver: string, env?: Readonly<Record<string, string>>): Promise<Browser> {
  const session = await openSession(driver, env);
  const tab: Tab = {
    async open(url) {
      await session.goto(url);
      return outcomeOf(await session.evaluate(OUTCOME));
    },
    evaluate: session.evaluate,
    close: () => session.goto("about:blank"),
  };
  return { version: session.version, tab: async () => tab, close: session.close };
}

type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>;

function client(base: string): Ask {
  return async (method, path, body) => {
    const signal = AbortSignal.timeout(TIMEOUT);
    const response = await fetch(base + path, { method, signal, ...(body ? { body: JSON.stringify(body) } : {}) });
    const { value } = (await response.json()) as { value: { error?: string; message?: string } };
    if (!response.ok) throw new Error(`WebDriver ${path}: ${value.error}, ${value.message}`);
    return value;
  };
}

async function answering(ask: Ask): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const status = await ask("GET", "/status").catch(() => undefined);
    if (status) return;
    await wait(100);
  }
  throw new Error("WebDriver: expected an answer within 10 s, got none");
}

function commands(ask: Ask, path: string): Pick<Session, "goto" | "evaluate" | "click" | "draw" | "paste"> {
  const move = ([x, y]: readonly [number, number]) => ({
    type: "pointerMove",
    duration: 0,
    x: Math.round(x),
    y: Math.round(y),
  });
  return {
    goto: async (url) => void (await ask("POST", `${path}/url`, { url })),
    evaluate(expression) {
      const script = `const done = arguments[arguments.length - 1];
        Promise.resolve(${expression}).then(done, (error) => done("failed: " + error));`;
      return ask("POST", `${path}/execute/async`, { script, args: [] });
    },
    async click(element) {
      const found = await ask("POST", `${path}/execute/sync`, { script: `return ${element};`, args: [] });
      const [id] = Object.values(found as Record<string, string>);
      await ask("POST", `${path}/element/${id}/click`, {});
    },
    async draw([first, ...others]) {
      if (!first) return;
      const down = { type: "pointerDown", button: 0 };
      const actions = [move(first), down, ...others.map(move), { type: "pointerUp", button: 0 }];
      const mouse = { type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions };
      await ask("POST", `${path}/actions`, { actions: [mouse] });
    },
    async paste() {
      const down = (value: string) => ({ type: "keyDown", value });
      const up = (value: string) => ({ type: "keyUp", value });
      const actions = [down(CONTROL), down("v"), up("v"), up(CONTROL)];
      await ask("POST", `${path}/actions`, { actions: [{ type: "key", id: "keyboard", actions }] });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

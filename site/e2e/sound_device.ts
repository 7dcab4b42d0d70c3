/** A sound device that nobody hears. Firefox and WebKit play nothing where there is none; Chromium needs none. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { inPath } from "../scripts/page.mjs";

const program = inPath(["pulseaudio"]);

/** Whether {@link openSoundDevice} gives one. */
export const hasSoundDevice = Boolean(program);

/** Opens it for the browsers that are started from now on, where PulseAudio is installed; gives what closes it. */
export async function openSoundDevice(): Promise<() => void> {
  if (!program) return () => {};
  const folder = mkdtempSync(join(tmpdir(), "sound-"));
  const socket = join(folder, "socket");
  const modules = [`module-native-protocol-unix socket=${socket} auth-anonymous=1`, "module-null-sink"];
  const loaded = modules.flatMap((module) => ["--load", module]);
  const child = spawn(program, ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", ...loaded], {
    stdio: "ignore",
    env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder },
  });
  const close = () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !existsSync(socket); tries++) {
    if (tries === 100 || child.exitCode !== null) {
      close();
      throw new Error("pulseaudio: expected it to listen within 10 s, got nothing");
    }
    await wait(100);
  }
  process.env.PULSE_SERVER = `unix:${socket}`;
  return close;
}

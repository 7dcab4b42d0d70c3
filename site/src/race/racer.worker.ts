/**
 * The worker of a contestant. What it runs is imported later: chunks of a bundle may import from the file that a worker
 * starts with, and WebKit then runs that file a second time.
 */

import type { Order } from "./racer";

const racer = import("./racer");

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  try {
    self.postMessage(await (await racer).obey(data));
  } catch (error) {
    self.postMessage({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
};

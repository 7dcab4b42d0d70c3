import { describe, expect, it } from "vitest";
import { bidirectional } from "../../src/layers/bidirectional";
import { Plans } from "../../src/layers/plans";
import { lstm } from "../../src/layers/recurrent/lstm";
import type { Sequential } from "../../src/models/sequential";
import type { Tensor } from "../../src/tensor";
import { Choice } from "../../src/wasm/choice";
import { type Engine, newEngine } from "../../src/wasm/engine";
import { kernelBytes } from "../../src/wasm/kernel_bytes";
import { engineIn, type SharedEngine } from "../../src/wasm/shared_engine";
import { withSharedMemory } from "../../src/wasm/shared_module";
import { GONE, newSpace, SLOT, type Space, STATE } from "../../src/wasm/space";
import type { Team } from "../../src/wasm/team";
import { BUILDS, expectClose, randomTensor } from "../support";
import { built } from "./support";

const WIDTH = 3;
const engineOf = (space: Space, own = space.own) => engineIn({ ...space, own }, { build: "baseline" });
const topOf = ({ arena, places }: SharedEngine) => arena.i32[places.top] as number;

describe("the kernels in shared memory", () => {
  it.each(BUILDS)("%s: take the memory that they are given", (build) => {
    const module = new WebAssembly.Module(withSharedMemory(kernelBytes(build)));
    expect(WebAssembly.Module.imports(module)).toMatchObject([{ module: "env", name: "memory", kind: "memory" }]);
    const { memory } = newSpace(1);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    expect(exports.memory).toBe(memory);
    const own = new WebAssembly.Memory({ initial: 16, maximum: 32768 });
    expect(() => new WebAssembly.Instance(module, { env: { memory: own } })).toThrow(WebAssembly.LinkError);
  });

  it("gives threads pieces that do not overlap, and those of a dead one to its successor", () => {
    const space = newSpace(2);
    const engines = [engineOf(space, 2), engineOf(space, 0), engineOf(space, 1)];
    const blocks = [1000, 64, 5_000_000, 3000].flatMap((bytes) => engines.map(({ arena }) => arena.reserve(bytes)));
    const sorted = blocks.sort((a, b) => a.ptr - b.ptr);
    sorted.forEach(({ ptr }, k) => {
      const before = sorted[k - 1];
      expect(ptr).toBeGreaterThanOrEqual(before ? before.ptr + before.bytes : 0);
    });
    const top = topOf(engines[0] as SharedEngine);
    const successor = engineOf(space, 0);
    for (const bytes of [1000, 64, 5_000_000, 3000]) successor.arena.reserve(bytes);
    expect(topOf(successor)).toBe(top);
    successor.arena.reserve(64);
    expect(topOf(successor)).toBeGreaterThan(top);
  });
});

it("a thread runs the modules that another one sent instead of compiling its own", () => {
  const space = newSpace(1);
  const { modules } = engineOf(space);
  const { kernels } = engineIn({ ...space, own: 0 }, { build: "relaxed" }, modules);
  expect(kernels.fused.value).toBe(0);
});

/** A helper that says it is there and never comes. */
function ghost({ arena, places }: SharedEngine): number {
  const at = places.slot(0);
  const room = arena.reserve(1 << 20);
  arena.i32[at + SLOT.room] = room.ptr;
  arena.i32[at + SLOT.roomBytes] = room.bytes;
  arena.i32[at + SLOT.state] = STATE.idle;
  return at;
}

describe("a leader whose helper does not come", () => {
  const options = { inputShape: [null, WIDTH] };
  it.each<[string, Sequential]>([
    ["by columns", built([lstm({ units: 64, returnSequences: true, ...options })])],
    ["by direction", built([bidirectional({ layer: lstm({ units: 9, returnSequences: true }), ...options })])],
  ])("does its work, %s, and is not disturbed when it comes late", (_, m) => {
    const x = randomTensor([1, 60, WIDTH], 1);
    const run = (engine: Engine) => m.runBy(new Plans(m), engine, [x])[0] as Tensor;
    const wanted = run(newEngine({ build: "baseline" }));
    const space = { ...newSpace(2), own: 2 };
    const engine = engineOf(space);
    const at = ghost(engine);
    expectClose(run(engine), wanted, 0, 0);
    const { i32 } = engine.arena;
    expect([i32[at + SLOT.go], i32[at + SLOT.lead], i32[at + SLOT.arrived]]).toEqual([1, GONE, GONE]);
    const room = i32[at + SLOT.room] as number;
    const outside = () => [...i32.slice(0, room >> 2), ...i32.slice((room + (1 << 20)) >> 2)];
    const before = outside();
    engineOf(space, 0).kernels.assist(4 * at);
    expect(outside().filter((word, k) => word !== before[k]).length).toBeLessThan(16); // the new engine's own words
  });
});

describe("a choice between two ways", () => {
  /** Runs both ways on a clock of its own; gives how often each was taken. */
  function taken(choice: Choice, times: number, alone: () => number, together: () => number): [number, number] {
    let clock = 0;
    const counts: [number, number] = [0, 0];
    const way = (k: 0 | 1, ms: () => number) => () => {
      counts[k]++;
      clock += ms();
    };
    const helped = () => {
      way(1, together)();
      return isHelped;
    };
    for (let k = 0; k < times; k++) choice.run(way(0, alone), helped, () => clock);
    return counts;
  }
  let isHelped = true;
  const [one, two, three] = [() => 1, () => 2, () => 3];

  it("takes the faster one, tries the other now and then, and changes when times change", () => {
    const choice = new Choice();
    const [alone, together] = taken(choice, 1000, two, one);
    expect(together).toBeGreaterThan(950);
    expect(alone).toBeGreaterThan(0);
    expect(taken(choice, 1000, two, () => 6)[0]).toBeGreaterThan(950);
    expect(taken(choice, 1000, two, one)[1]).toBeGreaterThan(400);
  });

  it("goes back to the faster one soon after a time in which others had the core, at little cost", () => {
    const choice = new Choice();
    taken(choice, 500, two, one);
    const [, lost] = taken(choice, 20_000, two, three); // another process has the core
    expect(lost / 20_000).toBeLessThan(0.05);
    expect(taken(choice, 200, two, one)[1]).toBeGreaterThan(50);
    expect(taken(choice, 1000, two, one)[1]).toBeGreaterThan(900);
  });

  it("waits in a trial for helpers that are asleep, and judges by runs that had help", () => {
    const choice = new Choice();
    taken(choice, 500, two, three);
    let missing = 0;
    isHelped = false;
    const late = () => {
      isHelped = ++missing % 6 === 0;
      return isHelped ? 1 : 2;
    };
    expect(taken(choice, 1000, two, late)[1]).toBeGreaterThan(800); // runs without help count neither for nor against
    isHelped = false;
    expect(taken(choice, 5000, two, () => 2.1)[1]).toBeLessThan(1500); // nobody comes: they cost a little
    isHelped = true;
    expect(taken(choice, 1000, two, one)[1]).toBeGreaterThan(800);
  });

  /** A way that is held up in one of so many runs. */
  function heldUp(every: number): () => number {
    let run = 0;
    return () => (++run % every === 0 ? 9 : 1);
  }

  it("forgives one run that was held up", () => {
    expect(taken(new Choice(), 400, two, heldUp(50))[1]).toBeGreaterThan(300);
  });

  it("judges a trial by the run in the middle", () => {
    const choice = new Choice();
    taken(choice, 500, two, three);
    expect(taken(choice, 500, two, heldUp(3))[1]).toBeGreaterThan(300);
  });
});

it("helpers of a leader that has worked alone do not look for more", () => {
  const space = newSpace(2);
  const { team, places, arena } = engineOf(space);
  const choose = (team as Team).choosing();
  const wanted = () => arena.i32[places.slot(0) + SLOT.awake] as number;
  const work = () => {
    const until = performance.now() + 0.1;
    while (performance.now() < until);
  };
  const runs = Array.from({ length: 40 }, () => {
    let isAlone = false;
    const alone = () => {
      isAlone = true;
    };
    choose(alone, () => {
      work();
      return true;
    });
    return { isAlone, wanted: wanted() };
  });
  expect(runs.some(({ isAlone }) => isAlone)).toBe(true);
  expect(runs.every(({ isAlone, wanted }) => isAlone === (wanted === 0))).toBe(true);
});

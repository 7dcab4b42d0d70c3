/**
 * A sequence of one row on several threads, which share the memory: each member computes some blocks of units, and at
 * every timestep all exchange their parts of the states.
 *
 * One member leads: the thread that was asked for the sequence. The others help, and may come and go, since another
 * process can take their core at any time. So a thread writes to memory of its own alone, and the leader, which never
 * waits longer than for a moment, takes over whatever a helper has not brought in time. What a helper does after that
 * nobody reads. The sums are those of one thread, in the same order.
 */
import * as alone from "./alone";
import { copyRow } from "./copy";
import { Area, areaOf, CHUNK_ROWS, divide, stateRow, TEAM_BYTES, Word } from "./pass";
import { lookUp, realRows } from "./rows";
import { copyPass, GONE, hire, isGone, isTeam, Member, member, order, Slot, State } from "./slot";
import { begin, emit, gatherChunk } from "./timestep";

/** Recurrent weights from which a timestep is worth an exchange. */
const LEAST_WEIGHTS = 3 * 64 * 64;
/** Blocks of 8 units that a member has at least: the vector product takes four at once. */
const LEAST_BLOCKS = 4;
/** A leader whose helpers are waking up looks for them after so many timesteps; in the first few of a sequence. */
const ALONE_ROWS = 3;
/** Timesteps after which a leader looks for more helpers. */
const ORDER_ROWS = 18;
/**
 * Floats of inputs that an order of a whole team has, up to CHUNK_ROWS: their product comes before the first exchange,
 * and a leader has no patience with a helper whose core takes much longer for it.
 */
const ORDER_INPUTS = ORDER_ROWS * 512;
const WAKING_ROWS = 12;
/** How often a leader looks for a helper before it does without, at least: some thirty microseconds. */
const PATIENCE = 60000;
/** A helper sleeps between two looks, once it has looked that often, for so many nanoseconds. */
const NAP: i64 = 50000;

/** The sequence of a descriptor, with the help of others where it is worth it. */
export function sequence(pass: usize, gates: i32): void {
  if (!isForTeam(pass, gates)) return alone.sequence(pass, gates);
  begin(pass, gates);
  byTeam(pass, gates);
}

/** True when the pass has a team that can help it. */
function isForTeam(pass: usize, gates: i32): bool {
  const units = load<i32>(pass, Word.UNITS);
  return (
    isTeam(load<usize>(pass, Word.TEAM)) &&
    load<i32>(pass, Word.BATCH) == 1 &&
    load<i32>(pass, Word.TIMESTEPS) > 1 &&
    gates * units * units >= LEAST_WEIGHTS &&
    (gates != 3 || load<i32>(pass, Word.RESET_AFTER) != 0)
  );
}

/** The whole sequence, as its leader. */
function byTeam(pass: usize, gates: i32): void {
  const units = load<i32>(pass, Word.UNITS);
  const timesteps = load<i32>(pass, Word.TIMESTEPS);
  const team = areaOf(pass, Area.TEAM);
  const room = roomBytes(gates, load<i32>(pass, Word.INPUT_DIM), units);
  const most = <i32>(stateRow(units) >> 5) / LEAST_BLOCKS;
  const wholeRows = max(ORDER_ROWS, min(CHUNK_ROWS, ORDER_INPUTS / max(1, load<i32>(pass, Word.INPUT_DIM))));
  store<i32>(team, 1);
  store<usize>(team, 0, Member.SLOT);
  store<usize>(team, areaOf(pass, Area.BOX), Member.BOX);
  for (let from = 0; from < timesteps; ) {
    const isWaiting = hire(load<usize>(pass, Word.TEAM), team, most, room);
    const count = load<i32>(team);
    const isBrief = isWaiting && count == 1 && from < WAKING_ROWS;
    const isWhole = !isWaiting && count > 1;
    let until = min(from + (isBrief ? ALONE_ROWS : isWhole ? wholeRows : ORDER_ROWS), timesteps);
    if (count > 1) {
      share(team, count, stateRow(units) >> 5);
      for (let k = 1; k < count; k++) {
        order(load<usize>(member(team, k), Member.SLOT), pass, gates, from, until, team, k);
      }
      from = walk(pass, gates, team, 0, from, until);
      if (from < until) until = min(until, from + ORDER_ROWS);
    }
    if (load<usize>(pass, Word.TABLE)) alone.advanceTable(pass, gates, from, until);
    else if (from < until) alone.advanceChunk(pass, gates, from, until);
    from = until;
  }
  for (let k = 1; k < load<i32>(team); k++) atomic.store<i32>(load<usize>(member(team, k), Member.SLOT), State.IDLE);
}

/** Bytes of memory that a helper wants: a descriptor, states, scratch. */
function roomBytes(gates: i32, inputDim: i32, units: i32): usize {
  return 128 + 2 * stateRow(units) + divide(0, gates, 1, inputDim, units);
}

/** Gives each member its blocks. */
function share(team: usize, count: i32, blocks: usize): void {
  for (let k: usize = 0; k < <usize>count; k++) {
    const at = member(team, <i32>k);
    store<usize>(at, (blocks * k / count) << 5, Member.FIRST);
    store<usize>(at, (blocks * (k + 1) / count) << 5, Member.END);
  }
}

/** What a helper was ordered to do. */
export function assistChunk(slot: usize): void {
  if (!copyPass(slot)) return;
  const room = load<usize>(slot, Slot.ROOM);
  const gates = load<i32>(slot, Slot.GATES);
  const state = stateRow(load<i32>(room, Word.UNITS));
  const h = room + 128;
  const c = h + state;
  copyRow(h, load<usize>(room, Word.H), <i32>(state >> 2));
  if (gates == 4) copyRow(c, load<usize>(room, Word.C), <i32>(state >> 2));
  store<usize>(room, h, Word.H);
  store<usize>(room, c, Word.C);
  store<usize>(room, c + state, Word.SCRATCH);
  begin(room, gates);
  const team = areaOf(room, Area.TEAM);
  copyRow(team, load<usize>(slot, Slot.TEAM), TEAM_BYTES >> 2);
  const me = load<i32>(slot, Slot.ME);
  store<usize>(member(team, me), areaOf(room, Area.BOX), Member.BOX);
  store<usize>(slot, areaOf(room, Area.BOX), Slot.BOX);
  if (isGone(slot)) return;
  walk(room, gates, team, me, load<i32>(slot, Slot.FROM), load<i32>(slot, Slot.UNTIL));
}

/** The timesteps as a member. @returns `until`, or the timestep that was not finished because the team broke up. */
function walk(pass: usize, gates: i32, team: usize, me: i32, from: i32, until: i32): i32 {
  const step = <usize>load<i32>(pass, Word.INPUT_DIM) << 2;
  const state = stateRow(load<i32>(pass, Word.UNITS));
  const first = load<usize>(member(team, me), Member.FIRST);
  const end = load<usize>(member(team, me), Member.END);
  const inputs = areaOf(pass, Area.INPUTS);
  const h = load<usize>(pass, Word.H);
  const c = load<usize>(pass, Word.C);
  const isLookedUp = load<usize>(pass, Word.TABLE) != 0;
  let count = 0;
  if (isLookedUp) {
    for (let t = from; t < until; t++) count += realRows(pass, t);
  } else {
    count = gatherChunk(pass, from, until, inputs, step);
    alone.project(pass, gates, inputs, step, count, first, end);
  }
  let pre = areaOf(pass, Area.PRE);
  let turn = 0;
  for (let t = from; t < until; t++) {
    if (realRows(pass, t)) {
      turn++;
      if (isLookedUp) {
        lookUp(pass, gates, t, 1);
        pre = load<usize>(areaOf(pass, Area.STARTS));
      }
      const box = areaOf(pass, Area.BOX) + boxOf(turn, state);
      alone.advanceBlocks(pass, gates, pre, h, c, box, box + state, first, end, turn);
      if (!exchange(pass, gates, team, me, turn, turn == count)) return t;
      pre += <usize>gates * state;
    }
    if (me == 0) emit(pass, t);
  }
  return until;
}

/** Where in a member's box its part of this turn stands: two places, since others may still read the last one. */
// @ts-ignore: decorator
@inline
function boxOf(turn: i32, state: usize): usize {
  return turn & 1 ? 2 * state : 0;
}

/** Tells that the part of this turn is made, and takes those of the others. @returns false when the team broke up. */
function exchange(pass: usize, gates: i32, team: usize, me: i32, turn: i32, isLast: bool): bool {
  const count = load<i32>(team);
  const own = load<usize>(member(team, me), Member.SLOT);
  const units = load<i32>(pass, Word.UNITS);
  const patience = max(PATIENCE, (gates * units * units) >> 2); // about a timestep alone: slow caches delay helpers
  if (me) {
    if (atomic.cmpxchg<i32>(own + Slot.ARRIVED, turn - 1, turn) != turn - 1) return false;
    if (isLast) return true; // the next order brings the states again
  } else {
    for (let k = 1; k < count; k++) atomic.store<i32>(load<usize>(member(team, k), Member.SLOT) + Slot.LEAD, turn);
  }
  for (let k = 0; k < count; k++) {
    const flag = k ? load<usize>(member(team, k), Member.SLOT) + Slot.ARRIVED : own + Slot.LEAD;
    if (k != me && !comes(flag, turn, own, team, patience)) return false;
  }
  const state = stateRow(load<i32>(pass, Word.UNITS));
  for (let k = 0; k < count; k++) {
    const at = member(team, k);
    const slot = load<usize>(at, Member.SLOT);
    const first = load<usize>(at, Member.FIRST);
    const size = <i32>((load<usize>(at, Member.END) - first) >> 2);
    const box = (k && k != me ? load<usize>(slot, Slot.BOX) : load<usize>(at, Member.BOX)) + boxOf(turn, state) + first;
    copyRow(load<usize>(pass, Word.H) + first, box, size);
    if (gates == 4) copyRow(load<usize>(pass, Word.C) + first, box + state, size);
  }
  return true;
}

/** Waits until a member has come to this turn; the leader for a moment only, then the team is over. */
function comes(flag: usize, turn: i32, own: usize, team: usize, patience: i32): bool {
  let looks = 0;
  while (atomic.load<i32>(flag) < turn) {
    if (own && atomic.load<i32>(own + Slot.LEAD) == GONE) return false;
    if (++looks < patience) continue;
    if (!own) {
      if (breakUp(team, turn)) return false;
    } else atomic.wait<i32>(own + Slot.LEAD, turn - 1, NAP);
  }
  return true;
}

/** Lets all helpers go. @returns false when all have come at the last moment. */
function breakUp(team: usize, turn: i32): bool {
  const count = load<i32>(team);
  let isOver = false;
  for (let k = 1; k < count; k++) {
    const slot = load<usize>(member(team, k), Member.SLOT);
    if (atomic.cmpxchg<i32>(slot + Slot.ARRIVED, turn - 1, GONE) == turn - 1) isOver = true;
  }
  if (!isOver) return false;
  for (let k = 1; k < count; k++) atomic.store<i32>(load<usize>(member(team, k), Member.SLOT) + Slot.LEAD, GONE);
  store<i32>(team, 1);
  return true;
}

/**
 * Threads that can help: each has a slot of words in the memory that all share, and a room there that nobody else
 * writes to. src/wasm/space.ts mirrors the words.
 */
import { copyRow } from "./copy";
import { Word } from "./pass";

/** Byte offsets. Words that different threads write stand on different cache lines. */
export const enum Slot {
  STATE = 0,
  /** Counts what should wake the helper. */
  BELL = 4,
  /** Counts the messages that were sent to the helper by other ways; it looks after them when it is idle. */
  MAIL = 8,
  /** The helper's own memory; it makes it larger when leaders want more. */
  ROOM = 12,
  ROOM_BYTES = 16,
  WANTED_BYTES = 20,
  /** Who has hired the helper, see {@link Roster}. */
  LEADER = 24,
  /** Counts orders; what follows are their words. */
  GO = 64,
  PASS = 68,
  GATES = 72,
  FROM = 76,
  UNTIL = 80,
  /** The table of the team's members and the helper's place in it; 0 for a whole sequence. */
  TEAM = 84,
  ME = 88,
  /** How far the leader is, or GONE. */
  LEAD = 128,
  /** How far the helper is, or GONE; its box. */
  ARRIVED = 192,
  BOX = 196,
}

/** What {@link Slot.STATE} says. A helper is its own when it is away, else it belongs to who changed the state last. */
export const enum State {
  AWAY = 0,
  IDLE = 1,
  HIRED = 2,
  ASLEEP = 3,
  RUNG = 4,
}

/** Instead of a turn: the helper is not waited for any more, and nobody will read what it makes. */
// @ts-ignore: decorator
@inline export const GONE = -1;

/** Byte offsets of the words of a leader: how many threads work together, how many slots follow, its own number. */
const enum Roster {
  THREADS = 0,
  COUNT = 4,
  LEADER = 8,
  SLOTS = 12,
}

/** A table of members: their number, then for each, from byte 16 on, its slot, its blocks as offsets, its box. */
export const enum Member {
  SLOT = 16,
  FIRST = 20,
  END = 24,
  BOX = 28,
}

/** The words of a member, at the offsets {@link Member}. */
// @ts-ignore: decorator
@inline
export function member(team: usize, k: i32): usize {
  return team + (<usize>k << 4);
}

/** True when a leader may have help at all. */
export function isTeam(roster: usize): bool {
  return roster != 0 && load<i32>(roster, Roster.THREADS) > 1;
}

/** Adds idle helpers to a team, up to `most` members, and wakes who is missing. @returns whether some are coming. */
export function hire(roster: usize, team: usize, most: i32, room: usize): bool {
  const limit = min(most, min(16, load<i32>(roster, Roster.THREADS)));
  const end = roster + Roster.SLOTS + (load<usize>(roster, Roster.COUNT) << 2);
  let count = load<i32>(team);
  for (let at = roster + Roster.SLOTS; at < end && count < limit; at += 4) {
    const slot = load<usize>(at);
    if (!take(slot, load<i32>(roster, Roster.LEADER), room)) continue;
    store<usize>(member(team, count), slot, Member.SLOT);
    count++;
  }
  store<i32>(team, count);
  return wake(roster, end, limit - count, room);
}

/** Hires one helper, or wakes one. @returns its slot, or 0. */
export function hireOne(roster: usize, room: usize): usize {
  const end = roster + Roster.SLOTS + (load<usize>(roster, Roster.COUNT) << 2);
  if (!isTeam(roster)) return 0;
  for (let at = roster + Roster.SLOTS; at < end; at += 4) {
    const slot = load<usize>(at);
    if (take(slot, load<i32>(roster, Roster.LEADER), room)) return slot;
  }
  wake(roster, end, 1, room);
  return 0;
}

/** Hires a helper that is idle and has a room of that size. */
function take(slot: usize, leader: i32, room: usize): bool {
  if (load<usize>(slot, Slot.ROOM_BYTES) < room) return false;
  if (atomic.cmpxchg<i32>(slot, State.IDLE, State.HIRED, Slot.STATE) != State.IDLE) return false;
  store<i32>(slot, leader, Slot.LEADER);
  return true;
}

/**
 * Sees to it that so many helpers are coming, and no more: those who only look for work take the cores of those who
 * have some. One that was let go and has not noticed yet is on its way, too.
 */
function wake(roster: usize, end: usize, missing: i32, room: usize): bool {
  let coming = 0;
  for (let at = roster + Roster.SLOTS; at < end && coming < missing; at += 4) {
    const slot = load<usize>(at);
    if (load<usize>(slot, Slot.WANTED_BYTES) < room) atomic.store<usize>(slot, room, Slot.WANTED_BYTES);
    ring(slot);
    const state = atomic.load<i32>(slot, Slot.STATE);
    if (state == State.RUNG || state == State.HIRED) coming++;
  }
  return coming > 0;
}

function ring(slot: usize): void {
  if (atomic.load<i32>(slot, Slot.STATE) != State.ASLEEP) return;
  if (atomic.cmpxchg<i32>(slot, State.ASLEEP, State.RUNG, Slot.STATE) != State.ASLEEP) return;
  atomic.add<i32>(slot, 1, Slot.BELL);
  atomic.notify(slot + Slot.BELL, 1);
}

/** Gives a hired helper its work. */
export function order(slot: usize, pass: usize, gates: i32, from: i32, until: i32, team: usize, me: i32): void {
  store<usize>(slot, pass, Slot.PASS);
  store<i32>(slot, gates, Slot.GATES);
  store<i32>(slot, from, Slot.FROM);
  store<i32>(slot, until, Slot.UNTIL);
  store<usize>(slot, team, Slot.TEAM);
  store<i32>(slot, me, Slot.ME);
  atomic.store<i32>(slot, 0, Slot.ARRIVED);
  atomic.store<i32>(slot, 0, Slot.LEAD);
  atomic.add<i32>(slot, 1, Slot.GO);
}

/** Copies the descriptor of an order into the helper's room. @returns false when it came too late for that. */
export function copyPass(slot: usize): bool {
  const room = load<usize>(slot, Slot.ROOM);
  if (!room) return false; // the order was for a helper that died
  copyRow(room, load<usize>(slot, Slot.PASS), Word.TEAM >> 2);
  store<usize>(room, 0, Word.TEAM);
  return !isGone(slot);
}

/**
 * True when the leader waits no longer, so that what was read of its memory may have been something else. The addition
 * of nothing keeps those reads in front of it.
 */
export function isGone(slot: usize): bool {
  return atomic.add<i32>(slot, 0, Slot.LEAD) == GONE;
}

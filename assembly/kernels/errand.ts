/**
 * A whole sequence for another thread: how one reads forwards while the other reads backwards. As in a team (team.ts),
 * the helper writes to its own room alone, and the leader takes what is there in time.
 */
import * as alone from "./alone";
import { copyRow } from "./copy";
import { divide, stateRow, stepBytes, Word } from "./pass";
import { copyPass, GONE, hireOne, order, Slot, State } from "./slot";
import { assistChunk } from "./team";

/** Gives the sequence to a helper. @returns its slot, to be asked for by `collect`; 0 when none is idle. */
export function offer(pass: usize, gates: i32): usize {
  const batch = load<i32>(pass, Word.BATCH);
  const units = load<i32>(pass, Word.UNITS);
  const states = <usize>batch * stateRow(units);
  const scratch = divide(0, gates, batch, load<i32>(pass, Word.INPUT_DIM), units);
  const slot = hireOne(load<usize>(pass, Word.TEAM), 192 + 2 * states + scratch + outputBytes(pass));
  if (slot) order(slot, pass, gates, 0, 0, 0, 0);
  return slot;
}

/** What a helper was ordered to do. */
export function assist(slot: usize): void {
  if (load<usize>(slot, Slot.TEAM)) return assistChunk(slot);
  if (!copyPass(slot)) return;
  const room = load<usize>(slot, Slot.ROOM);
  const gates = load<i32>(slot, Slot.GATES);
  const states = <usize>load<i32>(room, Word.BATCH) * stateRow(load<i32>(room, Word.UNITS));
  const h = room + 128;
  copyRow(h, load<usize>(room, Word.H), <i32>(states >> 2));
  if (gates == 4) copyRow(h + states, load<usize>(room, Word.C), <i32>(states >> 2));
  const y = h + 2 * states;
  const units = load<i32>(room, Word.UNITS);
  store<usize>(room, h, Word.H);
  store<usize>(room, h + states, Word.C);
  store<usize>(room, y, Word.Y);
  if (load<i32>(room, Word.Y_STEP)) store<i32>(room, units, Word.Y_STEP);
  store<i32>(room, timestepsOut(room) * units, Word.Y_ROW);
  store<usize>(room, (y + outputBytes(room) + 63) & ~63, Word.SCRATCH);
  alone.sequence(room, gates);
  atomic.cmpxchg<i32>(slot + Slot.ARRIVED, 0, 1);
}

/** Timesteps that have outputs: all, or the last. */
function timestepsOut(pass: usize): i32 {
  return load<i32>(pass, Word.Y_STEP) ? load<i32>(pass, Word.TIMESTEPS) : 1;
}

/** Floats that the outputs take, in bytes. */
function outputBytes(pass: usize): usize {
  return <usize>(load<i32>(pass, Word.BATCH) * timestepsOut(pass) * load<i32>(pass, Word.UNITS)) << 2;
}

/** Takes what a helper has made of `offer`. @returns 0 when it is not done: then it is waited for no longer. */
export function collect(pass: usize, slot: usize): i32 {
  if (atomic.cmpxchg<i32>(slot + Slot.ARRIVED, 0, GONE) == 0) {
    atomic.store<i32>(slot, GONE, Slot.LEAD);
    return 0;
  }
  const room = load<usize>(slot, Slot.ROOM);
  const batch = load<i32>(pass, Word.BATCH);
  const units = load<i32>(pass, Word.UNITS);
  const states = batch * <i32>(stateRow(units) >> 2);
  copyRow(load<usize>(pass, Word.H), room + 128, states);
  if (load<i32>(slot, Slot.GATES) == 4) copyRow(load<usize>(pass, Word.C), load<usize>(room, Word.C), states);
  const timesteps = timestepsOut(pass);
  let from = load<usize>(room, Word.Y);
  let row = load<usize>(pass, Word.Y);
  for (let k = 0; k < batch; k++, row += stepBytes(pass, Word.Y_ROW)) {
    for (let t = 0, to = row; t < timesteps; t++, to += stepBytes(pass, Word.Y_STEP), from += <usize>units << 2) {
      copyRow(to, from, units);
    }
  }
  atomic.store<i32>(slot, State.IDLE, Slot.STATE);
  return 1;
}

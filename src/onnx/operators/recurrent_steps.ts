/** Recurrent operators timestep by timestep, for what the kernels do not do: peepholes, clipping, coupled gates. */

import { outputSteps, startedStates, type Walk } from "../../layers/recurrent/sequence";
import { type Activation, emitActivation } from "../../ops/activation";
import { emitSlice } from "../../ops/copy";
import { emitDense } from "../../ops/dense";
import { emitBroadcast, emitElementwise, moveOperand, stepsOf } from "../../ops/elementwise";
import { emitScalar } from "../../ops/masks";
import type { Plan } from "../../ops/plan";
import type { Slab } from "../../ops/slab";
import type { Known } from "../value";
import type { DirectedCell } from "./recurrent_cell";

export interface StepOptions {
  /** What activations are given is held within ±clip; 0: it is not. */
  readonly clip: number;
  /** The forget gate is 1 − the input gate. */
  readonly inputForget: boolean;
}

/** What the equations of one timestep are computed with. */
interface Step extends StepOptions {
  readonly plan: Plan;
  readonly cell: DirectedCell;
  /** x W + Wb of this timestep, [batch, gates·units]. */
  readonly input: Slab;
  readonly states: readonly Slab[];
}

/** @returns a function that gives the final states, [batch, units] each. */
export function planSteps(plan: Plan, walk: Walk<DirectedCell>, options: StepOptions): () => readonly Slab[] {
  const { cell, x, y, mask, backwards } = walk;
  const [batch, timesteps] = x.shape as [number, number, number];
  const { units, gates, weights } = cell;
  const columns = gates * units;
  const states = startedStates(plan, walk.start, batch, cell.stateSizes, (size) => size);
  const kernel = () => cell.matrix(weights.w, weights.inputDim);
  const key = `${weights.key} ${cell.direction} steps, input`;
  const inputs = emitDense(plan, { owner: weights.w, key, kernel, bias: () => cell.biasPart(0), columns }, x);
  const input = plan.slab([batch, columns]);
  const moves: ((t: number, k: number) => void)[] = [];
  const turn = (k: number) => {
    for (const move of moves) move(backwards ? timesteps - 1 - k : k, k);
  };
  plan.repeat(timesteps, turn, () => {
    const steps = [columns, 1];
    const from = { slab: inputs, steps: [timesteps * columns, 1] };
    const taken = emitElementwise(plan, "copy", [batch, columns], { slab: input, steps }, [from]);
    moves.push((t) => moveOperand(plan, taken, 1, inputs.ptr + 4 * t * columns));
    const after = EQUATIONS[weights.kind]({ ...options, plan, cell, input, states });
    const counts = [batch, units];
    const own = stepsOf(counts);
    const output = outputSteps(walk);
    const zero = mask && emitScalar(plan, 0);
    /** The new numbers, or the old ones where the mask does not count. */
    const keep = (fresh: Slab, old: Slab, oldSteps: readonly number[], to: Slab, toSteps: readonly number[]) => {
      const target = { slab: to, steps: toSteps };
      if (!mask) return emitElementwise(plan, "copy", counts, target, [{ slab: fresh, steps: own }]);
      const operands = [
        { slab: mask, steps: [timesteps, 0] },
        { slab: fresh, steps: own },
        { slab: old, steps: oldSteps },
      ];
      const pass = emitElementwise(plan, "select", counts, target, operands);
      moves.push((t) => moveOperand(plan, pass, 1, mask.ptr + 4 * t));
      return pass;
    };
    const written = keep(after[0] as Slab, zero ?? y, [0, 0], y, [output.row, 1]);
    moves.push((_, k) => moveOperand(plan, written, 0, y.ptr + output.first + 4 * k * output.step));
    after.forEach((fresh, k) => {
      const state = states[k] as Slab;
      keep(fresh, state, own, state, own);
    });
  });
  return () => states;
}

type Equations = (step: Step) => readonly Slab[];
const EQUATIONS: Readonly<Record<"LSTM" | "GRU" | "RNN", Equations>> = { LSTM: lstm, GRU: gru, RNN: rnn };

/** h R + Rb of all gates, or of those from `gate` on. */
function recurrentProduct({ plan, cell }: Step, h: Slab, gate = 0): Slab {
  const { units, gates, weights, direction } = cell;
  const width = gates * units;
  const [from, columns] = [gate * units, width - gate * units];
  const kernel = () => cell.matrix(weights.r, units);
  const part = () => {
    const all = kernel();
    if (from === 0) return all;
    return Float32Array.from({ length: units * columns }, (_, k) => {
      return all[Math.floor(k / columns) * width + from + (k % columns)] as number;
    });
  };
  const key = `${weights.key} ${direction} steps, recurrent ${gate}`;
  const bias = () => cell.biasPart(1).subarray(from);
  return emitDense(plan, { owner: weights.w, key, kernel: part, bias, columns }, h);
}

function gatePart({ plan, cell }: Step, all: Slab, gate: number): Slab {
  return emitSlice(plan, all, [0, gate * cell.units], [all.dim(0), cell.units]);
}

/** f(clip(x)) */
function activated({ plan, clip }: Step, activation: Activation, x: Slab): Slab {
  if (!(clip > 0)) return emitActivation(plan, activation, x);
  const below = emitBroadcast(plan, "minimum", [x, emitScalar(plan, clip)]);
  return emitActivation(plan, activation, emitBroadcast(plan, "maximum", [below, emitScalar(plan, -clip)]));
}

/** i, o, f = f(x W + h R + P·c + b); C = f·c + i·g(…); H = o·h(C); o sees the new C. */
function lstm(step: Step): readonly Slab[] {
  const { plan, cell, input, states, inputForget } = step;
  const [h, c] = states as [Slab, Slab];
  const [f, g, last] = cell.activations as [Activation, Activation, Activation];
  const before = emitBroadcast(plan, "add", [input, recurrentProduct(step, h)]);
  const peep = (x: Slab, gate: number, seen: Slab) => {
    const { p } = cell.weights;
    if (!p) return x;
    const weights = peephole(plan, cell, p, gate);
    return emitBroadcast(plan, "add", [x, emitBroadcast(plan, "multiply", [seen, weights])]);
  };
  const i = activated(step, f, peep(gatePart(step, before, 0), 0, c));
  const forget = inputForget
    ? emitBroadcast(plan, "subtract", [emitScalar(plan, 1), i])
    : activated(step, f, peep(gatePart(step, before, 2), 2, c));
  const candidate = activated(step, g, gatePart(step, before, 3));
  const kept = emitBroadcast(plan, "multiply", [forget, c]);
  const cellState = emitBroadcast(plan, "add", [kept, emitBroadcast(plan, "multiply", [i, candidate])]);
  const o = activated(step, f, peep(gatePart(step, before, 1), 1, cellState));
  const hidden = emitActivation(plan, last, cellState);
  return [emitBroadcast(plan, "multiply", [o, hidden]), cellState];
}

/** P of one gate (i, o, f) as a row. */
function peephole(plan: Plan, cell: DirectedCell, p: Known, gate: number): Slab {
  const from = (3 * cell.direction + gate) * cell.units;
  const key = `peephole ${cell.direction} ${gate}`;
  return plan.constant(p, key, [cell.units], () => p.data.subarray(from, from + cell.units));
}

/** H = (1 − z)·candidate + z·h */
function gru(step: Step): readonly Slab[] {
  const { plan, cell, input, states } = step;
  const [h] = states as [Slab];
  const [f, g] = cell.activations as [Activation, Activation];
  const recurrent = recurrentProduct(step, h);
  const before = emitBroadcast(plan, "add", [input, recurrent]);
  const z = activated(step, f, gatePart(step, before, 0));
  const r = activated(step, f, gatePart(step, before, 1));
  const term = cell.weights.linearBeforeReset
    ? emitBroadcast(plan, "multiply", [r, gatePart(step, recurrent, 2)])
    : recurrentProduct(step, emitBroadcast(plan, "multiply", [r, h]), 2);
  const candidate = activated(step, g, emitBroadcast(plan, "add", [gatePart(step, input, 2), term]));
  const change = emitBroadcast(plan, "multiply", [z, emitBroadcast(plan, "subtract", [h, candidate])]);
  return [emitBroadcast(plan, "add", [candidate, change])];
}

function rnn(step: Step): readonly Slab[] {
  const { plan, cell, input, states } = step;
  const before = emitBroadcast(plan, "add", [input, recurrentProduct(step, states[0] as Slab)]);
  return [activated(step, cell.activations[0] as Activation, before)];
}

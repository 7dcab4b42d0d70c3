/** LSTM, GRU and RNN with all that ONNX lets them say. */

import { ShapeError, showShape } from "../../errors";
import { planSequence } from "../../layers/recurrent/sequence";
import { emitFill } from "../../ops/copy";
import { emitBroadcast } from "../../ops/elementwise";
import type { Slab } from "../../ops/slab";
import { sizeOf } from "../../tensor";
import { along, joined, reshaped, transposed, unsqueezed } from "../move";
import type { NodeCall, Operators } from "../node_call";
import { floatSlab, Known, Live, type Value } from "../value";
import { activationsOf } from "./recurrent_activations";
import { type CellKind, type CellWeights, DirectedCell } from "./recurrent_cell";
import { planSteps } from "./recurrent_steps";

/** f, g and h unless the node says otherwise. */
const DEFAULTS: Readonly<Record<CellKind, readonly string[]>> = {
  LSTM: ["Sigmoid", "Tanh", "Tanh"],
  GRU: ["Sigmoid", "Tanh"],
  RNN: ["Tanh"],
};

export const RECURRENT_OPERATORS: Operators = {
  LSTM: (call) => recurrent(call, "LSTM"),
  GRU: (call) => recurrent(call, "GRU"),
  RNN: (call) => recurrent(call, "RNN"),
};

/**
 * X [time, batch, input], or [batch, time, input] with layout 1
 * @returns Y [time, directions, batch, units], Y_h and Y_c [directions, batch, units]; batch first with layout 1.
 */
function recurrent(call: NodeCall, kind: CellKind): (Value | undefined)[] {
  const { plan } = call;
  const batchFirst = call.number("layout", 0) !== 0;
  const x = call.input(0);
  if (x.shape.length !== 3) throw new ShapeError(call.where, "an input of 3 axes", showShape(x.shape));
  const rows = floatSlab(plan, batchFirst ? x : transposed(call, x, [1, 0, 2]));
  const [batch, timesteps] = rows.shape as [number, number, number];
  const weights = weightsOf(call, kind, rows.dim(2));
  const { units } = weights;
  const direction = call.text("direction", "forward");
  const backwards = { forward: [false], reverse: [true], bidirectional: [false, true] }[direction];
  if (!backwards) return call.refuse("forward, reverse or bidirectional", direction);
  const directions = backwards.length;
  checkShapes(call, weights, directions);
  const activations = activationsOf(call, DEFAULTS[kind], directions);
  const perCell = DEFAULTS[kind].length;
  const mask = maskOf(call, batch, timesteps);
  const y = plan.slab([batch, timesteps, directions * units]);
  const clip = call.number("clip", 0);
  const inputForget = kind === "LSTM" && call.number("input_forget", 0) !== 0;
  const ends = backwards.map((reverse, d) => {
    const cell = new DirectedCell(weights, d, activations.slice(d * perCell, (d + 1) * perCell));
    const start = cell.stateSizes.map((_, k) => initialState(call, 5 + k, d, [batch, units], batchFirst, directions));
    const walk = {
      cell,
      x: rows,
      mask,
      backwards: reverse,
      flip: reverse,
      sequences: true,
      zeroOutput: true,
      start,
      y,
      column: d * units,
    };
    const after =
      weights.p || clip > 0 || inputForget ? planSteps(plan, walk, { clip, inputForget }) : planSequence(plan, walk);
    return call.wanted(1) || call.wanted(2) ? after() : [];
  });
  // [batch, time, directions, units] → [time, directions, batch, units]
  const all = reshaped(call, new Live(y), [batch, timesteps, directions, units]);
  const stateAxis = batchFirst ? 1 : 0;
  const state = (k: number) => {
    if (!call.wanted(k + 1) || ends[0]?.[k] === undefined) return undefined;
    const parts = ends.map((states) => unsqueezed(new Live(states[k] as Slab), [stateAxis]));
    return joined(call, parts, stateAxis);
  };
  return [batchFirst ? all : transposed(call, all, [1, 2, 0, 3]), state(0), state(1)];
}

function weightsOf(call: NodeCall, kind: CellKind, inputDim: number): CellWeights {
  const optional = (k: number, what: string) => (call.inputs[k] ? call.known(k, what) : undefined);
  const r = call.known(2, "recurrent weights");
  return {
    kind,
    w: call.known(1, "weights"),
    r,
    b: optional(3, "biases"),
    p: kind === "LSTM" ? optional(7, "peepholes") : undefined,
    units: r.shape.at(-1) ?? 0,
    inputDim,
    linearBeforeReset: kind === "GRU" && call.number("linear_before_reset", 0) !== 0,
    key: call.where,
  };
}

function checkShapes(call: NodeCall, { kind, w, r, b, p, units, inputDim }: CellWeights, directions: number): void {
  const columns = { LSTM: 4, GRU: 3, RNN: 1 }[kind] * units;
  const check = (known: Known | undefined, shape: readonly number[]) => {
    if (!known || showShape(known.shape) === showShape(shape)) return;
    throw new ShapeError(call.where, `weights ${showShape(shape)}`, showShape(known.shape));
  };
  if (units < 1 || inputDim < 1)
    throw new ShapeError(call.where, "at least one unit and one feature", showShape(w.shape));
  check(w, [directions, columns, inputDim]);
  check(r, [directions, columns, units]);
  check(b, [directions, 2 * columns]);
  check(p, [directions, 3 * units]);
}

/** A state of one direction as [batch, units]: given, or zeros. */
function initialState(
  call: NodeCall,
  k: number,
  direction: number,
  [batch, units]: readonly [number, number],
  batchFirst: boolean,
  directions: number,
): Slab {
  const given = call.inputs[k];
  if (!given) {
    const zeros = call.plan.slab([batch, units]);
    emitFill(call.plan, zeros, 0);
    return zeros;
  }
  const shape = batchFirst ? [batch, directions, units] : [directions, batch, units];
  if (showShape(given.shape) !== showShape(shape)) {
    throw new ShapeError(call.where, `an initial state ${showShape(shape)}`, showShape(given.shape));
  }
  const part = along(call, given, batchFirst ? 1 : 0, direction, 1);
  return floatSlab(call.plan, reshaped(call, part, [batch, units]));
}

/** sequence_lens as a mask [batch, time]; none where every sequence is full. */
function maskOf(call: NodeCall, batch: number, timesteps: number): Slab | undefined {
  const lengths = call.inputs[4];
  if (!lengths) return undefined;
  if (sizeOf(lengths.shape) !== batch) throw new ShapeError(call.where, `${batch} lengths`, showShape(lengths.shape));
  if (lengths instanceof Known && lengths.data.every((length) => length === timesteps)) return undefined;
  const times = new Known(
    [1, timesteps],
    "float32",
    Float32Array.from({ length: timesteps }, (_, t) => t),
  );
  const until = floatSlab(call.plan, lengths).view([batch, 1]);
  return emitBroadcast(call.plan, "less", [floatSlab(call.plan, times), until], "bool");
}

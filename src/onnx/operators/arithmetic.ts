/** Operators on elements of one or more values, with broadcasting. */

import { emitInt } from "../../ops/copy";
import { broadcastShape, emitElementwise, type Strided, stepsOf } from "../../ops/elementwise";
import type { ELEMENTWISE } from "../../wasm/op_codes";
import { eachPlace, stepsTo } from "../move";
import type { NodeCall, Operators } from "../node_call";
import { denseSlab, floatWalk, Known, Live, newNumbers, stepsIn, type Value } from "../value";

/** An operation as the kernel does it and as it is done at once on known numbers. */
interface Elementwise {
  readonly kernel: keyof typeof ELEMENTWISE;
  readonly fold: (a: number, b: number, c: number) => number;
  /** Gives booleans, whatever it takes. */
  readonly truth?: boolean;
}

const truth = (kernel: keyof typeof ELEMENTWISE, fold: (a: number, b: number) => boolean): Elementwise => {
  return { kernel, fold: (a, b) => (fold(a, b) ? 1 : 0), truth: true };
};

const ADD: Elementwise = { kernel: "add", fold: (a, b) => a + b };
const SUBTRACT: Elementwise = { kernel: "subtract", fold: (a, b) => a - b };
const MULTIPLY: Elementwise = { kernel: "multiply", fold: (a, b) => a * b };
const DIVIDE: Elementwise = { kernel: "divide", fold: (a, b) => a / b };
const MAXIMUM: Elementwise = { kernel: "maximum", fold: Math.max };
const MINIMUM: Elementwise = { kernel: "minimum", fold: Math.min };
const SELECT: Elementwise = { kernel: "select", fold: (a, b, c) => (a === 0 ? c : b) };

const BINARY: Readonly<Record<string, Elementwise>> = {
  Add: ADD,
  Sub: SUBTRACT,
  Mul: MULTIPLY,
  Div: DIVIDE,
  Pow: { kernel: "power", fold: (a, b) => a ** b },
  PRelu: { kernel: "prelu", fold: (a, b) => (a < 0 ? a * b : a) },
  Equal: truth("equal", (a, b) => a === b),
  Less: truth("less", (a, b) => a < b),
  LessOrEqual: truth("lessEqual", (a, b) => a <= b),
  Greater: truth("greater", (a, b) => a > b),
  GreaterOrEqual: truth("greaterEqual", (a, b) => a >= b),
  And: truth("logicalAnd", (a, b) => a !== 0 && b !== 0),
  Or: truth("logicalOr", (a, b) => a !== 0 || b !== 0),
  Xor: truth("notEqual", (a, b) => a !== b),
};

export const ARITHMETIC_OPERATORS: Operators = {
  ...Object.fromEntries(
    Object.entries(BINARY).map(([name, op]) => [
      name,
      (call: NodeCall) => elementwise(call, op, [call.input(0), call.input(1)]),
    ]),
  ),
  Sum: (call) => folded(call, ADD),
  Max: (call) => folded(call, MAXIMUM),
  Min: (call) => folded(call, MINIMUM),
  Mean: (call) => scaled(call, folded(call, ADD), 1 / call.inputs.length),
  Where: (call) => elementwise(call, SELECT, [call.input(0), call.input(1), call.input(2)]),
  Clip(call) {
    const bound = (k: number, name: string): Value | undefined => {
      const given = call.number(name);
      return given === undefined ? call.inputs[k] : scalar(given);
    };
    const [low, high] = [bound(1, "min"), bound(2, "max")];
    const x = call.input(0);
    const above = low ? elementwise(call, MAXIMUM, [x, low]) : x;
    return high ? elementwise(call, MINIMUM, [above, high]) : above;
  },
  Mod(call) {
    const [x, by] = [call.known(0, "numbers"), call.known(1, "numbers")];
    const C = call.number("fmod", 0) !== 0;
    return elementwise(call, { kernel: "divide", fold: (a, b) => (C ? a % b : a - b * Math.floor(a / b)) }, [x, by]);
  },
};

/** One float as a constant. */
export function scalar(value: number): Known {
  return new Known([], "float32", Float32Array.of(value));
}

export const sum = (call: NodeCall, a: Value, b: Value) => elementwise(call, ADD, [a, b]);
export const product = (call: NodeCall, a: Value, b: Value) => elementwise(call, MULTIPLY, [a, b]);
export const scaled = (call: NodeCall, x: Value, by: number) => (by === 1 ? x : product(call, x, scalar(by)));

/** All inputs joined two by two. */
function folded(call: NodeCall, op: Elementwise): Value {
  const values = call.inputs.map((_, k) => call.input(k));
  return values.slice(1).reduce((a, b) => elementwise(call, op, [a, b]), call.input(0));
}

/** Whole numbers that are computed pass through float32, which is exact to 2^24. */
function elementwise(call: NodeCall, op: Elementwise, values: readonly Value[]): Value {
  const { plan, where } = call;
  const shape = broadcastShape(
    where,
    values.map((value) => value.shape),
  );
  const model = values[op === SELECT ? 1 : 0] as Value;
  if (values.every((value) => value instanceof Known)) return foldAll(call, op, values, shape);
  const kind = op.truth ? "bool" : model.kind;
  // Selecting moves bits; all else computes with floats.
  const moves = op === SELECT;
  const walks = values.map((value, k): Strided => {
    const { slab, start = 0, steps } = moves && k > 0 ? ownWalk(call, value) : floatWalk(plan, value);
    return { slab, start, steps: stepsTo(steps, value.shape, shape) };
  });
  const direct = moves || kind !== "int32";
  const y = plan.slab(shape, direct ? kind : "float32");
  emitElementwise(plan, op.kernel, shape, { slab: y, steps: stepsOf(shape) }, walks);
  return new Live(direct ? y : emitInt(plan, y));
}

function ownWalk({ plan }: NodeCall, value: Value): Strided {
  return value instanceof Live ? value : { slab: denseSlab(plan, value), steps: stepsOf(value.shape) };
}

function foldAll({ where }: NodeCall, op: Elementwise, values: readonly Known[], shape: readonly number[]): Known {
  const { dtype: taken } = values[op === SELECT ? 1 : 0] as Known;
  const dtype = op.truth ? "bool" : taken;
  const data = newNumbers(where, dtype, shape);
  const operands = values.map((value) => {
    const numbers = new Float64Array(data.length);
    eachPlace(shape, 0, stepsTo(stepsIn(value), value.shape, shape), (place, k) => {
      numbers[k] = value.data[place] as number;
    });
    return numbers;
  });
  const [a, b, c] = operands;
  const whole = dtype.includes("int") ? Math.trunc : Number;
  for (let k = 0; k < data.length; k++) {
    data[k] = whole(op.fold(a?.[k] as number, b?.[k] as number, c?.[k] as number));
  }
  return new Known(shape, dtype, data);
}

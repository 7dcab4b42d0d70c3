/** Products of matrices in graphs. */

import { ConfigError, showShape, UnsupportedError } from "../errors";
import { emitFloat, emitTranspose } from "../ops/copy";
import { broadcastShape } from "../ops/elementwise";
import { emitBatchedMatmul, emitMatmul } from "../ops/matmul";
import type { Plan } from "../ops/plan";
import type { Slab } from "../ops/slab";
import { sizeOf } from "../tensor";
import { type OperationKind, type OperationTable, refuseBatchAxis } from "./operation";
import type { Given, Typed } from "./operation_given";
import type { SymbolicShape } from "./symbolic";

/** NumPy's `matmul` of operands with two axes or more: the axes before the last two broadcast. */
const matmul: OperationKind = {
  takes: ["x1", "x2"],
  result: (given) => {
    const [a, b] = [given.tensor("x1").shape, given.tensor("x2").shape];
    const [k, alike] = [a.at(-1), b.at(-2)];
    if (a.length < 2 || b.length < 2)
      throw new UnsupportedError(given.where, "operands of two axes or more", shapes(a, b));
    if (k !== null && alike !== null && k !== alike)
      throw new ConfigError(given.where, "shapes that fit", shapes(a, b));
    const outer = broadcastShape(given.where, [a.slice(0, -2), b.slice(0, -2)]);
    return [{ shape: [...outer, a.at(-2) ?? null, b.at(-1) ?? null], dtype: "float32" }];
  },
  plan: (plan, given) => {
    const [a, b] = [emitFloat(plan, given.tensor("x1")), emitFloat(plan, given.tensor("x2"))];
    const shape = matmul.result(given)[0]?.shape as readonly number[];
    const y = plan.slab(shape);
    const [m, k, n] = [a.dim(-2), a.dim(-1), b.dim(-1)];
    const outer = shape.slice(0, -2);
    const [first, second] =
      outer.length < 2 ? [outer[0] ?? 1, 1] : [sizeOf(outer.slice(0, -1)), outer.at(-1) as number];
    const at = (slab: Slab, row: number) => {
      const [o, i] = stepsOver(given, slab.shape.slice(0, -2), outer, slab.dim(-2) * row);
      return { slab, outer: o, inner: i, row };
    };
    emitMatmul(plan, { outer: first, inner: second, m, k, n, transposed: false }, at(a, k), at(b, n), at(y, n));
    return [y];
  },
};

function shapes(a: SymbolicShape, b: SymbolicShape): string {
  return `${showShape(a)} and ${showShape(b)}`;
}

/** Steps from matrix to matrix along all outer axes but the last, taken as one, and along the last. */
function stepsOver(
  given: Given<Typed>,
  own: readonly number[],
  outer: readonly number[],
  size: number,
): [number, number] {
  if (sizeOf(own) === 1) return [0, 0];
  if (outer.length < 2) return [size, 0];
  const padded = [...new Array<number>(outer.length - own.length).fill(1), ...own];
  const [head, last] = [padded.slice(0, -1), padded.at(-1) as number];
  const inner = last === 1 ? 0 : size;
  if (sizeOf(head) === 1) return [0, inner];
  if (sizeOf(head) === sizeOf(outer.slice(0, -1))) return [last * size, inner];
  throw new UnsupportedError(given.where, "axes that broadcast as one", `${showShape(own)} to ${showShape(outer)}`);
}

/** The letters of `btf,bsf->bts`: those of both operands and the result, of one operand, of both operands alone. */
interface Letters {
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly to: readonly string[];
  readonly shared: readonly string[];
  readonly joined: readonly string[];
  readonly ofA: readonly string[];
  readonly ofB: readonly string[];
}

function lettersOf(given: Given<Typed>): Letters {
  const subscripts = given.text("subscripts", "").replaceAll(" ", "");
  const [, a = "", b = "", to = ""] = /^([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]*)$/.exec(subscripts) ?? [];
  const letters = [a, b, to].map((text) => [...text]) as [string[], string[], string[]];
  const [ofFirst, ofSecond, ofResult] = letters.map((list) => new Set(list)) as [Set<string>, Set<string>, Set<string>];
  const all = [...new Set(letters[0].concat(letters[1]))];
  const single = all.find((letter) => !ofResult.has(letter) && !(ofFirst.has(letter) && ofSecond.has(letter)));
  const twice = letters.some((list) => new Set(list).size < list.length);
  if (a === "" || twice || single !== undefined || letters[2].some((letter) => !all.includes(letter))) {
    throw new UnsupportedError(`${given.where}.subscripts`, "two operands, every letter once in each", subscripts);
  }
  if (letters[2][0] !== letters[0][0]) refuseBatchAxis(given, "sums");
  return {
    a: letters[0],
    b: letters[1],
    to: letters[2],
    shared: all.filter((letter) => ofFirst.has(letter) && ofSecond.has(letter) && ofResult.has(letter)),
    joined: all.filter((letter) => ofFirst.has(letter) && ofSecond.has(letter) && !ofResult.has(letter)),
    ofA: all.filter((letter) => !ofSecond.has(letter)),
    ofB: all.filter((letter) => !ofFirst.has(letter)),
  };
}

/** The length that each letter stands for. */
function lengthsOf(given: Given<Typed>, { a, b }: Letters): ReadonlyMap<string, number | null> {
  const lengths = new Map<string, number | null>();
  given.tensors("operands").forEach(({ shape }, k) => {
    const letters = [a, b][k] ?? [];
    if (shape.length !== letters.length) throw new ConfigError(given.where, `${letters.length} axes`, showShape(shape));
    letters.forEach((letter, axis) => {
      const [old, d] = [lengths.get(letter) ?? null, shape[axis] ?? null];
      if (old !== null && d !== null && old !== d) throw new ConfigError(given.where, `${old} at ${letter}`, String(d));
      lengths.set(letter, d ?? old);
    });
  });
  return lengths;
}

/** A transposition of each operand, one product for each combination of the shared letters, one transposition back. */
const einsum: OperationKind = {
  takes: ["*operands"],
  result: (given) => {
    const letters = lettersOf(given);
    const lengths = lengthsOf(given, letters);
    return [{ shape: letters.to.map((letter) => lengths.get(letter) ?? null), dtype: "float32" }];
  },
  plan: (plan, given) => {
    const letters = lettersOf(given);
    const lengths = lengthsOf(given, letters) as ReadonlyMap<string, number>;
    const lengthOf = (list: readonly string[]) => sizeOf(list.map((letter) => lengths.get(letter) as number));
    const { shared, joined, ofA, ofB, to } = letters;
    const [a, b] = given.tensors("operands").map((x) => emitFloat(plan, x)) as [Slab, Slab];
    const left = emitInOrder(plan, a, letters.a, [...shared, ...ofA, ...joined]);
    const right = emitInOrder(plan, b, letters.b, [...shared, ...ofB, ...joined]);
    const first = left.view([lengthOf(shared), lengthOf(ofA), lengthOf(joined)]);
    const second = right.view([lengthOf(shared), lengthOf(ofB), lengthOf(joined)]);
    const product = emitBatchedMatmul(plan, first, second, true);
    const made = [...shared, ...ofA, ...ofB];
    return [emitInOrder(plan, product.view(made.map((letter) => lengths.get(letter) as number)), made, to)];
  },
};

function emitInOrder(plan: Plan, x: Slab, from: readonly string[], to: readonly string[]): Slab {
  const order = to.map((letter) => from.indexOf(letter));
  return order.every((axis, k) => axis === k) ? x : emitTranspose(plan, x, order);
}

/** Keras' class → kind. */
export const productOperations = (): OperationTable => ({ Matmul: matmul, Einsum: einsum });

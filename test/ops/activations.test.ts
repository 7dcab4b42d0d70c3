import { describe, expect, it } from "vitest";
import * as ops from "../../src/ops";
import { type Tensor, tensor } from "../../src/tensor";
import { type GoldenCase, type GoldenTensor, golden } from "../fixtures/golden";
import { BUILDS, expectClose, randomTensor, useBuild } from "../support";

type Case = GoldenCase & { function: string; arguments?: Record<string, never> };
const cases = golden("activations").filter((c) => "function" in c) as Case[];
const functions = ops as unknown as Record<string, (x: Tensor, ...rest: unknown[]) => Tensor>;
const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Keras' arguments in the order of ours; `relu` takes an object. */
function argumentsOf(c: Case): unknown[] {
  const given = Object.entries(c.arguments ?? {}).map(([key, value]) => [camel(key), value] as const);
  return c.function === "relu" ? [Object.fromEntries(given)] : given.map(([, value]) => value);
}

/** These give their limits far out, where TensorFlow's formulas overflow to NaN or ∞. */
const BOUNDED: Record<string, number> = { softsign: 1e38, squareplus: 1e18 };

/** The elements whose input is not beyond the bound. */
function within(bound: number, x: GoldenTensor, y: { readonly data: ArrayLike<number> }) {
  const data = Array.from(y.data).filter((_, k) => !(Math.abs(x.data[k] as number) > bound));
  return { shape: [data.length], data };
}

describe.each(BUILDS)("activations equal Keras on the %s build", (build) => {
  useBuild(build);

  it.each(cases.map((c) => [c.name, c] as const))("%s", (_, c) => {
    const [call] = c.calls as [(typeof c.calls)[number]];
    const [x] = call.inputs as [(typeof call.inputs)[number]];
    const got = (functions[camel(c.function)] as (typeof functions)[string])(
      tensor(x.data, x.shape),
      ...argumentsOf(c),
    );
    const bound = BOUNDED[c.function];
    const wanted = call.expected[0] as GoldenTensor;
    if (bound === undefined) expectClose(got, wanted, 1e-5, 1e-5);
    else expectClose(within(bound, x, got), within(bound, x, wanted), 1e-5, 1e-5);
  });

  it("go over any axis", () => {
    const x = randomTensor([2, 3, 4], 1);
    expectClose(ops.sum(ops.softmax(x, 1), 1), ops.ones([2, 4]), 1e-6, 0);
    expectClose(ops.exp(ops.logSoftmax(x, 0)), ops.softmax(x, 0), 1e-6, 0);
  });

  it("are found by name", () => {
    expect(ops.activation([-1, 2], "relu").toArray()).toEqual([0, 2]);
    expect(ops.activation([-1], null).toArray()).toEqual([-1]);
    expect(() => ops.activation([1], "typo")).toThrow("ops.activation: expected one of linear, tanh");
  });
});

it("refuses to halve an odd axis", () => {
  expect(() => ops.glu([1, 2, 3])).toThrow("ops.glu: expected an even axis -1, got [3]");
});

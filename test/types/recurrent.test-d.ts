import { expectTypeOf, test } from "vitest";
import { input, layers, model, type SymbolicTensor, sequential, type Tensor } from "../../src/index";

const x = {} as Tensor;
const symbolic = input({ shape: [null, 4] });
const unknown = {} as boolean;

test("results follow literal options", () => {
  expectTypeOf(layers.simpleRNN({ units: 3 }).apply(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(layers.gru({ units: 3, returnSequences: true }).apply(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(layers.gru({ units: 3, returnState: false }).apply(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(layers.simpleRNN({ units: 3, returnState: true }).apply(x)).toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf(layers.gru({ units: 3, returnState: true }).apply(x)).toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf(layers.lstm({ units: 3, returnState: true }).apply(x)).toEqualTypeOf<[Tensor, Tensor, Tensor]>();
});

test("symbolic in gives the same shape of symbolic out", () => {
  expectTypeOf(layers.lstm({ units: 3 }).apply(symbolic)).toEqualTypeOf<SymbolicTensor>();
  const [y, h, c] = layers.lstm({ units: 3, returnState: true }).apply(symbolic);
  expectTypeOf([y, h, c]).toEqualTypeOf<SymbolicTensor[]>();
  layers.lstm({ units: 3 }).apply(symbolic, { initialState: [h, c] });
});

test("options that are not known give a union", () => {
  const widened = layers.lstm({ units: 3, returnState: unknown });
  expectTypeOf(widened.apply(x)).toEqualTypeOf<Tensor | [Tensor, Tensor, Tensor]>();
  const options: { units: number; returnState?: boolean } = { units: 3 };
  expectTypeOf(layers.gru(options).apply(x)).toEqualTypeOf<Tensor | [Tensor, Tensor]>();
  const optional = {} as { units: number; returnState?: true };
  expectTypeOf(layers.gru(optional).apply(x)).toEqualTypeOf<Tensor | [Tensor, Tensor]>();
  const whole = {} as layers.LSTMOptions;
  expectTypeOf(layers.lstm(whole).apply(x)).toEqualTypeOf<Tensor | [Tensor, Tensor, Tensor]>();
});

test("cells give the output and their states", () => {
  expectTypeOf(layers.lstmCell({ units: 3 }).apply(x)).toEqualTypeOf<[Tensor, Tensor, Tensor]>();
  expectTypeOf(layers.gruCell({ units: 3 }).apply(x)).toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf(layers.simpleRNNCell({ units: 3 }).apply(symbolic)).toEqualTypeOf<[SymbolicTensor, SymbolicTensor]>();
});

test("rnn counts the states of its cell", () => {
  const lstm = layers.rnn({ cell: layers.lstmCell({ units: 3 }), returnState: true });
  expectTypeOf(lstm.apply(x)).toEqualTypeOf<[Tensor, Tensor, Tensor]>();
  const call = () => ({ output: x, states: [x] });
  expectTypeOf(layers.rnn({ cell: { stateSize: 3, call } }).apply(x)).toEqualTypeOf<Tensor>();
  const one = layers.rnn({ cell: { stateSize: 3, call }, returnState: true });
  expectTypeOf(one.apply(x)).toEqualTypeOf<[Tensor, Tensor]>();
  const two = layers.rnn({ cell: { stateSize: [3, 4], call }, returnState: true });
  expectTypeOf(two.apply(x)).toEqualTypeOf<[Tensor, Tensor, Tensor]>();
  const stack = layers.rnn({ cell: [layers.lstmCell({ units: 3 })], returnState: true });
  expectTypeOf(stack.apply(x)).toEqualTypeOf<[Tensor, ...Tensor[]]>();
});

test("bidirectional follows the layer inside and the merge mode", () => {
  const plain = layers.lstm({ units: 3 });
  const stated = layers.lstm({ units: 3, returnState: true });
  const gru = layers.gru({ units: 3, returnState: true });
  expectTypeOf(layers.bidirectional({ layer: plain }).apply(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(layers.bidirectional({ layer: plain, mergeMode: "sum" }).apply(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(layers.bidirectional({ layer: plain, mergeMode: null }).apply(x)).toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf(layers.bidirectional({ layer: stated }).apply(x)).toEqualTypeOf<
    [Tensor, Tensor, Tensor, Tensor, Tensor]
  >();
  expectTypeOf(layers.bidirectional({ layer: gru }).apply(symbolic)).toEqualTypeOf<
    [SymbolicTensor, SymbolicTensor, SymbolicTensor]
  >();
  expectTypeOf(layers.bidirectional({ layer: gru, mergeMode: null }).apply(x)).toEqualTypeOf<
    [Tensor, Tensor, Tensor, Tensor]
  >();
});

test("bidirectional gives a union where it does not know", () => {
  const layer = layers.gru({ units: 3, returnState: unknown });
  expectTypeOf(layers.bidirectional({ layer }).apply(x)).toEqualTypeOf<Tensor | [Tensor, Tensor, Tensor]>();
  const mergeMode = {} as "sum" | null;
  const either = layers.bidirectional({ layer: layers.gru({ units: 3 }), mergeMode });
  expectTypeOf(either.apply(x)).toEqualTypeOf<Tensor | [Tensor, Tensor]>();
});

test("wrappers and lookups give one tensor", () => {
  expectTypeOf(layers.timeDistributed({ layer: layers.dense({ units: 2 }) }).apply(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(layers.embedding({ inputDim: 3, outputDim: 2 }).apply([[1]])).toEqualTypeOf<Tensor>();
});

test("models give what their outputs are", () => {
  const y = layers.lstm({ units: 3 }).apply(symbolic);
  expectTypeOf(sequential({ layers: [layers.lstm({ units: 3 })] }).predict(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(model({ inputs: symbolic, outputs: y }).predict(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(model({ inputs: [symbolic], outputs: [y] }).predict(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(model({ inputs: symbolic, outputs: [y, y] }).predict(x)).toEqualTypeOf<Tensor[]>();
  const list: SymbolicTensor[] = [y];
  expectTypeOf(model({ inputs: symbolic, outputs: list }).predict(x)).toExtend<Tensor | Tensor[]>();
});

test("options that layers do not have are mistakes of type", () => {
  // @ts-expect-error units are missing
  layers.lstm({});
  // @ts-expect-error no such option
  layers.lstm({ units: 3, returnStates: true });
  // @ts-expect-error no such merge mode
  layers.bidirectional({ layer: layers.lstm({ units: 3 }), mergeMode: "max" });
});

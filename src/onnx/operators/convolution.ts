/** Convolutions and pooling over one or two axes, channels in front of them. */

import { emitConvolution } from "../../ops/convolution";
import { emitReduce } from "../../ops/reduce";
import { emitSlide, SINGLE, type WindowAxis, type WindowWalk } from "../../ops/window";
import { squeezed, transposed, unsqueezed } from "../move";
import type { NodeCall, Operators } from "../node_call";
import { floatSlab, Known, Live, type Value } from "../value";
import { sum } from "./arithmetic";

export const CONVOLUTION_OPERATORS: Operators = {
  Conv: convolve,
  MaxPool: (call) => pool(call, "max"),
  AveragePool: (call) => pool(call, "mean"),
  GlobalAveragePool: (call) => poolAll(call, "mean"),
  GlobalMaxPool: (call) => poolAll(call, "maximum"),
};

/** [batch, channels, (height,) width] as [batch, height, width, channels]. */
function asImages(call: NodeCall, x: Value): Value {
  const rank = x.shape.length;
  if (rank !== 3 && rank !== 4) return call.refuse("one or two axes to slide along", `${rank - 2}`);
  return transposed(call, rank === 3 ? unsqueezed(x, [2]) : x, [0, 2, 3, 1]);
}

/** Back again. */
function fromImages(call: NodeCall, y: Value, rank: number): Value {
  const turned = transposed(call, y, [0, 3, 1, 2]);
  return rank === 3 ? squeezed(turned, [2]) : turned;
}

/** How the windows walk, from the attributes. */
function walkOf(call: NodeCall, sizes: readonly number[], windows: readonly number[]): WindowWalk {
  const ones = sizes.map(() => 1);
  const strides = call.ints("strides") ?? ones;
  const dilations = call.ints("dilations") ?? ones;
  const pads = call.ints("pads") ?? [...sizes, ...sizes].map(() => 0);
  const auto = call.text("auto_pad", "NOTSET");
  const round = call.number("ceil_mode", 0) !== 0 ? Math.ceil : Math.floor;
  const axes = sizes.map((size, k): WindowAxis => {
    const [window, stride, dilation] = [windows[k], strides[k], dilations[k]] as [number, number, number];
    const reach = (window - 1) * dilation + 1;
    if (auto.startsWith("SAME")) {
      const outSize = Math.ceil(size / stride);
      const total = Math.max(0, (outSize - 1) * stride + reach - size);
      const before = auto === "SAME_LOWER" ? Math.ceil(total / 2) : Math.floor(total / 2);
      return { size, outSize, window, stride, dilation, before };
    }
    const [before, after] = auto === "VALID" ? [0, 0] : ([pads[k], pads[k + sizes.length]] as [number, number]);
    if (before < 0 || after < 0) return call.refuse("padding of at least 0", String(pads));
    const whole = round((size + before + after - reach) / stride) + 1;
    // A window must not begin behind the end.
    const outSize = (whole - 1) * stride >= size + before ? whole - 1 : whole;
    if (!(outSize >= 1)) return call.refuse(`at least ${reach} elements`, `${size} and padding of ${before + after}`);
    return { size, outSize, window, stride, dilation, before };
  });
  return [...(axes.length === 1 ? [SINGLE] : []), ...axes] as unknown as WindowWalk;
}

function convolve(call: NodeCall): Value {
  const [x, weights] = [call.input(0), call.known(1, "filters")];
  const bias = call.inputs[2];
  const rank = x.shape.length;
  const images = asImages(call, x);
  const walk = walkOf(call, x.shape.slice(2), weights.shape.slice(2));
  const groups = call.number("group", 1);
  const [columns = 0, depth = 0] = weights.shape;
  if (weights.shape.length !== rank || depth * groups !== x.shape[1] || columns % groups !== 0) {
    return call.refuse(`filters for ${x.shape[1]} channels in ${groups} groups`, `[${weights.shape.join(", ")}]`);
  }
  // [filters, channels, (height,) width] → [height, width, channels, filters]
  const kernel = () => {
    const four = rank === 3 ? unsqueezed(weights, [2]) : weights;
    return Float32Array.from((transposed(call, four, [2, 3, 1, 0]) as Known).data);
  };
  const row = bias instanceof Known ? () => Float32Array.from(bias.data) : undefined;
  const key = `${call.where} filters`;
  const y = emitConvolution(
    call.plan,
    { owner: weights, key, kernel, bias: row, columns, groups },
    floatSlab(call.plan, images),
    walk,
  );
  const live = bias && !row ? sum(call, new Live(y), bias) : new Live(y);
  return fromImages(call, live, rank);
}

function pool(call: NodeCall, op: "max" | "mean"): Value {
  const x = call.input(0);
  const windows = call.ints("kernel_shape") ?? [];
  if (call.wanted(1)) return call.refuse("the values of the pool", "their indices");
  const walk = walkOf(call, x.shape.slice(2), windows);
  const reaches = walk.some(({ size, outSize, window, stride, dilation, before }) => {
    return before > 0 || (outSize - 1) * stride + (window - 1) * dilation + 1 - before > size;
  });
  if (op === "mean" && reaches && call.number("count_include_pad", 0) !== 0) {
    return call.refuse("means of what lies inside", "count_include_pad");
  }
  const images = floatSlab(call.plan, asImages(call, x));
  return fromImages(call, new Live(emitSlide(call.plan, op, images, walk)), x.shape.length);
}

function poolAll(call: NodeCall, op: "mean" | "maximum"): Value {
  const x = call.input(0);
  const axes = x.shape.map((_, axis) => axis).slice(2);
  const y = emitReduce(call.plan, op, floatSlab(call.plan, x), axes);
  return new Live(y.view([...x.shape.slice(0, 2), ...axes.map(() => 1)]));
}

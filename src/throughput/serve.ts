/** A worker of a pool: a model that predicts for another thread. */

import { StateError } from "../errors";
import { modelOverParts } from "../models/from_parts";
import type { Model } from "../models/model";
import { lendSlab } from "../ops/read_slab";
import { Tensor } from "../tensor";
import { setEngineOptions, useEngine } from "../wasm/engine";
import { Helper } from "../wasm/help";
import { engineIn } from "../wasm/shared_engine";
import { type Order, plainError, type Report } from "./messages";
import { usePackedWeights } from "./packed_weights";

/** The owner of the worker; see src/platform. */
interface Host {
  receive(listener: (message: unknown) => void): void;
  post(message: unknown, transfer: ArrayBuffer[]): void;
}

/** Does what the owner orders, one order after another. */
export function serve(host: Host): void {
  let model: Model | undefined;
  let helper: Helper | undefined;
  const obey = (order: Order): Report => {
    if (order.kind === "model") {
      setEngineOptions(order.kernels);
      model = modelOverParts(order.parts);
      if (order.space) {
        const engine = engineIn(order.space, order.kernels, order.modules);
        useEngine(engine);
        usePackedWeights(model, engine, order.packed);
        helper = new Helper(engine);
      }
      return { kind: "ready" };
    }
    if (!model) throw new StateError("pool, worker", "a model first", "work");
    const inputs = order.inputs.map(({ shape, dtype, data }) => new Tensor(shape, dtype, data));
    const start = performance.now();
    const outputs = predicted(model, inputs, helper !== undefined);
    const ms = performance.now() - start;
    return { kind: "result", outputs: outputs.map(({ shape, dtype, data }) => ({ shape, dtype, data })), ms };
  };
  host.receive((message) => {
    try {
      const report = obey(message as Order);
      const outputs = report.kind === "result" ? report.outputs : [];
      const buffers = new Set(outputs.map(({ data }) => data.buffer));
      host.post(
        report,
        [...buffers].filter((buffer) => buffer instanceof ArrayBuffer),
      );
    } catch (e) {
      host.post({ kind: "failure", error: plainError(e) } satisfies Report, []);
    }
    helper?.heard();
    helper?.help();
  });
  host.post({ kind: "hello" } satisfies Report, []);
}

/** @param lent Its owner reads the results where the kernels have put them, before it orders anything else. */
function predicted(model: Model, inputs: readonly Tensor[], lent: boolean): readonly Tensor[] {
  const plan = lent ? model.planOf(inputs) : undefined;
  if (plan) {
    const data = inputs.map((t) => t.data);
    return plan.execute(data, undefined, lendSlab);
  }
  const made: unknown = model.predict(inputs);
  return (Array.isArray(made) ? made : [made]) as readonly Tensor[];
}

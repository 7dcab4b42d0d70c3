/** Initializers as users write them. */

import { KINDS } from "./kinds";
import { type InitializerOption, kerasObject, resolve } from "./resolve";

/** Draws the same numbers for the same seed; without a seed every weight gets numbers of its own. */
export interface SeedOption {
  seed?: number | null;
}
export interface NormalOptions extends SeedOption {
  mean?: number;
  stddev?: number;
}
export interface FanOptions extends SeedOption {
  inputAxes?: readonly number[] | null;
  outputAxes?: readonly number[] | null;
}
export interface VarianceScalingOptions extends FanOptions {
  scale?: number;
  mode?: "fan_in" | "fan_out" | "fan_avg";
  distribution?: "uniform" | "truncated_normal" | "untruncated_normal" | "normal";
}

function factory<O extends object>(className: string): (options?: O) => InitializerOption {
  return (options) => {
    const resolved = resolve(`initializers.${className}`, { className, config: options ?? {} });
    KINDS[className]!.make(`initializers.${className}`, resolved.config);
    return kerasObject(resolved);
  };
}

/**
 * Initializers by Keras' names and with Keras' defaults, as Keras objects.
 * @throws {ConfigError} for options that the initializer does not have.
 *
 * @example
 * layers.dense({ units: 2, kernelInitializer: initializers.glorotUniform({ seed: 1 }) });
 */
export const initializers = {
  zeros: /* @__PURE__ */ factory<Record<string, never>>("Zeros"),
  ones: /* @__PURE__ */ factory<Record<string, never>>("Ones"),
  constant: /* @__PURE__ */ factory<{ value?: number }>("Constant"),
  randomNormal: /* @__PURE__ */ factory<NormalOptions>("RandomNormal"),
  randomUniform: /* @__PURE__ */ factory<SeedOption & { minval?: number; maxval?: number }>("RandomUniform"),
  truncatedNormal: /* @__PURE__ */ factory<NormalOptions>("TruncatedNormal"),
  glorotUniform: /* @__PURE__ */ factory<FanOptions>("GlorotUniform"),
  glorotNormal: /* @__PURE__ */ factory<FanOptions>("GlorotNormal"),
  heUniform: /* @__PURE__ */ factory<FanOptions>("HeUniform"),
  heNormal: /* @__PURE__ */ factory<FanOptions>("HeNormal"),
  lecunUniform: /* @__PURE__ */ factory<FanOptions>("LecunUniform"),
  lecunNormal: /* @__PURE__ */ factory<FanOptions>("LecunNormal"),
  orthogonal: /* @__PURE__ */ factory<SeedOption & { gain?: number }>("Orthogonal"),
  identity: /* @__PURE__ */ factory<{ gain?: number }>("Identity"),
  varianceScaling: /* @__PURE__ */ factory<VarianceScalingOptions>("VarianceScaling"),
};

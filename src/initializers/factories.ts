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

// @__NO_SIDE_EFFECTS__
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
  zeros: factory<Record<string, never>>("Zeros"),
  ones: factory<Record<string, never>>("Ones"),
  constant: factory<{ value?: number }>("Constant"),
  randomNormal: factory<NormalOptions>("RandomNormal"),
  randomUniform: factory<SeedOption & { minval?: number; maxval?: number }>("RandomUniform"),
  truncatedNormal: factory<NormalOptions>("TruncatedNormal"),
  glorotUniform: factory<FanOptions>("GlorotUniform"),
  glorotNormal: factory<FanOptions>("GlorotNormal"),
  heUniform: factory<FanOptions>("HeUniform"),
  heNormal: factory<FanOptions>("HeNormal"),
  lecunUniform: factory<FanOptions>("LecunUniform"),
  lecunNormal: factory<FanOptions>("LecunNormal"),
  orthogonal: factory<SeedOption & { gain?: number }>("Orthogonal"),
  identity: factory<{ gain?: number }>("Identity"),
  varianceScaling: factory<VarianceScalingOptions>("VarianceScaling"),
};

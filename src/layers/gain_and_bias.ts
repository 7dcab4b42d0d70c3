/** What normalizations that need no statistics share: options and weights of the scale and offset behind them. */

import { getInitializer, type InitializerOption } from "../initializers";
import { finiteNumber, type LayerOptions } from "./options";
import { Unary } from "./unary";
import type { Weight } from "./weight";

/** Options of {@link layerNormalization} and {@link groupNormalization}. */
export interface GainAndBiasOptions extends LayerOptions {
  /** Added to the variance. Default 0.001. */
  epsilon?: number;
  /** Whether there is a beta. Default true. */
  center?: boolean;
  /** Whether there is a gamma. Default true. */
  scale?: boolean;
  betaInitializer?: InitializerOption;
  gammaInitializer?: InitializerOption;
  /** These are kept for the configuration and do nothing at inference. */
  betaRegularizer?: unknown;
  gammaRegularizer?: unknown;
  betaConstraint?: unknown;
  gammaConstraint?: unknown;
}

/** Keras' defaults of these, but for epsilon, center and scale. */
export const GAIN_AND_BIAS = {
  betaInitializer: "zeros" as InitializerOption,
  gammaInitializer: "ones" as InitializerOption,
  betaRegularizer: null as unknown,
  gammaRegularizer: null as unknown,
  betaConstraint: null as unknown,
  gammaConstraint: null as unknown,
};

type Read = typeof GAIN_AND_BIAS & { readonly epsilon: number };

export abstract class GainAndBias extends Unary {
  protected gamma: Weight | undefined;
  protected beta: Weight | undefined;

  constructor(
    options: LayerOptions,
    className: string,
    private readonly read: Read,
  ) {
    super(options, className);
    finiteNumber(`${this.name}.epsilon`, read.epsilon, 0);
  }

  protected addGamma(shape: readonly number[]): void {
    const { gammaInitializer } = this.read;
    this.gamma = this.addWeight("gamma", shape, getInitializer(`${this.name}.gammaInitializer`, gammaInitializer));
  }

  protected addBeta(shape: readonly number[]): void {
    const { betaInitializer } = this.read;
    this.beta = this.addWeight("beta", shape, getInitializer(`${this.name}.betaInitializer`, betaInitializer));
  }
}

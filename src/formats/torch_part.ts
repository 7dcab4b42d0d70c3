/** What one PyTorch module becomes in a Keras graph. */
import { ArgumentError, show, WeightError } from "../errors";
import type { Json, JsonObject, NamedWeight } from "../spec";
import type { StateDict } from "./state_dict";
import type { TorchModule } from "./torch_modules";

/** A layer of the graph. */
export interface PartLayer {
  readonly className: string;
  readonly config: JsonObject;
  readonly weights?: readonly NamedWeight[];
  readonly module?: string;
  /** Arguments behind the tensor. */
  readonly more?: readonly Json[];
  /** Of recurrent layers: what their states are called, and how many numbers each has. */
  readonly states?: { readonly names: readonly string[]; readonly units: number };
}

export interface Part {
  /** Features of the input; `ids`; null for any. */
  readonly takes: number | "ids" | null;
  /** Features of the output; null for those of the input. */
  readonly gives: number | null;
  /** Whether the input must have timesteps. */
  readonly timed: boolean;
  readonly layers: readonly PartLayer[];
}

/** What the builder of a part may look at. */
export interface PartContext {
  readonly state: StateDict;
  /** For messages: `torch[2] (linear)`. */
  readonly where: string;
}

/**
 * Compares what the user said with what the tensors say.
 *
 * @param settings Options that tensors do not tell; each has been read by the caller.
 * @throws {WeightError} where they differ. @throws {ArgumentError} for an option that such a module does not have.
 */
export function agree(
  { where }: PartContext,
  module: TorchModule,
  found: Readonly<Record<string, unknown>>,
  settings: readonly string[] = [],
): void {
  for (const [key, value] of Object.entries(module)) {
    if (key === "type" || key === "name" || settings.includes(key) || value === undefined) continue;
    if (!Object.hasOwn(found, key)) {
      const known = ["name", ...settings, ...Object.keys(found)].join(", ");
      throw new ArgumentError(where, `options among ${known}`, key);
    }
    if (value !== found[key])
      throw new WeightError(`${where}.${key}`, `${show(found[key])}, as in the tensors`, show(value));
  }
}

/** An option that is a whole number. @throws {ArgumentError} */
export function whole(where: string, value: unknown, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw new ArgumentError(where, `a whole number from ${least}`, show(value));
}

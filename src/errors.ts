/** Everything this library throws on purpose. One base class, one stable `code` a kind of failure. */

/** The stable names of the kinds of failure; programs branch on these. */
export type ErrorCode =
  | "config"
  | "weight"
  | "shape"
  | "format"
  | "unsupported"
  | "state"
  | "memory"
  | "argument"
  | "io"
  | "network"
  | "limit"
  | "busy"
  | "worker"
  | "runtime";

export interface ErrorOptions {
  /** The error that led here. */
  cause?: unknown;
  /** Facts for programs: sizes, names, positions. */
  details?: Record<string, unknown>;
}

const MARK = "recurra.error";

/**
 * The base of every error thrown here. The message reads `where: expected what, got what`.
 *
 * @example
 * try { layer.apply(x); } catch (e) { if (RecurraError.is(e)) console.log(e.code, e.message); }
 */
export abstract class RecurraError extends Error {
  abstract readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  /** Read by {@link RecurraError.is}, so that copies loaded as ESM and as CommonJS know each other's errors. */
  readonly brand: string = MARK;

  constructor(
    readonly where: string,
    readonly expected: string,
    readonly got: string,
    options: ErrorOptions = {},
  ) {
    super(
      `${where}: expected ${expected}, got ${got}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.details = options.details ?? {};
  }

  /** That of its class: minifiers shorten the class's own. */
  override get name(): string {
    const kind = this.code === "memory" ? "memoryLimit" : this.code;
    return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Error`;
  }

  /** True for an error of this library, whichever copy of it threw. */
  static is(e: unknown): e is RecurraError {
    return e instanceof Error && (e as { brand?: unknown }).brand === MARK;
  }
}

/** A layer or a model was described wrongly. */
export class ConfigError extends RecurraError {
  readonly code = "config";
}
/** A weight is missing, superfluous or misshapen. */
export class WeightError extends RecurraError {
  readonly code = "weight";
}
/** A tensor has another shape, rank or type than the layer takes. */
export class ShapeError extends RecurraError {
  readonly code = "shape";
}
/** A file is damaged or is not what it says. */
export class FormatError extends RecurraError {
  readonly code = "format";
}
/** Understood, and not done by this library. */
export class UnsupportedError extends RecurraError {
  readonly code = "unsupported";
}
/** The object is in a state in which this cannot be done. */
export class StateError extends RecurraError {
  readonly code = "state";
}
/** WebAssembly memory is used up. */
export class MemoryLimitError extends RecurraError {
  readonly code = "memory";
}
/** A value passed to a method is not one it takes. */
export class ArgumentError extends RecurraError {
  readonly code = "argument";
}
/** A file could not be read or written. */
export class IoError extends RecurraError {
  readonly code = "io";
}
/** A download failed. */
export class NetworkError extends RecurraError {
  readonly code = "network";
}
/** A limit that the caller set, or a default one, was passed. */
export class LimitError extends RecurraError {
  readonly code = "limit";
}
/** The queue is full. */
export class BusyError extends RecurraError {
  readonly code = "busy";
}
/** A worker failed. */
export class WorkerError extends RecurraError {
  readonly code = "worker";
}
/** This platform lacks what is needed. */
export class RuntimeError extends RecurraError {
  readonly code = "runtime";
}

/** How a shape is written in messages and summaries: `[null, 5, 3]`. */
export function showShape(shape: readonly (number | null)[]): string {
  return `[${shape.map((d) => (d === null ? "null" : String(d))).join(", ")}]`;
}

/** How a value is written in messages: short, and never throwing. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return value.length > 8 ? `a list of ${value.length}` : `[${value.map(show).join(", ")}]`;
  if (value !== null && typeof value === "object") return classOf(value);
  return String(value);
}

/** Layers say what they are: in a page, a minifier has shortened the names of classes. */
function classOf(value: object): string {
  const { className } = value as { className?: unknown };
  return typeof className === "string" ? className : (value.constructor?.name ?? "an object");
}

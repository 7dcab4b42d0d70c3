/** The errors that users may catch: those of errors.ts without what writes their messages. */

export {
  ArgumentError,
  BusyError,
  ConfigError,
  type ErrorCode,
  type ErrorOptions,
  FormatError,
  IoError,
  LimitError,
  MemoryLimitError,
  NetworkError,
  RecurraError,
  RuntimeError,
  ShapeError,
  StateError,
  UnsupportedError,
  WeightError,
  WorkerError,
} from "./errors";

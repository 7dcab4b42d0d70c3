/** All operations that graphs in files may hold, by their Keras class names. */

import { UnsupportedError } from "../errors";
import type { ObjectSpec } from "../spec";
import { Operation, type OperationKind } from "./operation";
import { ARRANGE } from "./operation_arrange";
import { BINARY } from "./operation_binary";
import { CAST } from "./operation_cast";
import { ITEM } from "./operation_item";
import { JOIN } from "./operation_join";
import { PRODUCT } from "./operation_product";
import { REDUCE } from "./operation_reduce";
import { ROWS } from "./operation_rows";
import { SHAPE } from "./operation_shape";
import { UNARY } from "./operation_unary";

const OPERATIONS: Readonly<Record<string, OperationKind>> = {
  ...ARRANGE,
  ...BINARY,
  ...CAST,
  ...ITEM,
  ...JOIN,
  ...PRODUCT,
  ...REDUCE,
  ...ROWS,
  ...SHAPE,
  ...UNARY,
};

/**
 * True for an operation. Several share their class names with layers: the module tells them apart. HDF5 files of
 * Keras 3 name no modules; there the configuration tells, in which every layer says whether it is trainable.
 */
export function isOperation({ module, className, config }: ObjectSpec): boolean {
  if (module !== null) return /^keras\.(src\.)?ops(\.|$)/.test(module);
  return Object.hasOwn(OPERATIONS, className) && !("trainable" in config);
}

/** @throws {UnsupportedError} naming the operation when it is not done here. */
export function makeOperation(spec: ObjectSpec, name: string): Operation {
  const { className } = spec;
  const kind = Object.hasOwn(OPERATIONS, className) ? OPERATIONS[className] : undefined;
  if (kind) return new Operation(name, kind, spec);
  const supported = Object.keys(OPERATIONS).sort().join(", ");
  throw new UnsupportedError(`operation ${className} (${name})`, `one of ${supported}`, className);
}

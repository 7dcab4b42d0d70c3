/** All operations that graphs in files may hold, by their Keras class names. */

import { UnsupportedError } from "../errors";
import type { ObjectSpec } from "../spec";
import { Operation, type OperationTable } from "./operation";
import { arrangeOperations } from "./operation_arrange";
import { binaryOperations } from "./operation_binary";
import { castOperations } from "./operation_cast";
import { itemOperations } from "./operation_item";
import { joinOperations } from "./operation_join";
import { productOperations } from "./operation_product";
import { reduceOperations } from "./operation_reduce";
import { rowOperations } from "./operation_rows";
import { shapeOperations } from "./operation_shape";
import { unaryOperations } from "./operation_unary";

let table: OperationTable | undefined;

/** Made when the first graph is opened: most programs never open one. */
function operations(): OperationTable {
  table ??= {
    ...arrangeOperations(),
    ...binaryOperations(),
    ...castOperations(),
    ...itemOperations(),
    ...joinOperations(),
    ...productOperations(),
    ...reduceOperations(),
    ...rowOperations(),
    ...shapeOperations(),
    ...unaryOperations(),
  };
  return table;
}

/**
 * True for an operation. Several share their class names with layers: the module tells them apart. HDF5 files of
 * Keras 3 name no modules; there the configuration tells, in which every layer says whether it is trainable.
 */
export function isOperation({ module, className, config }: ObjectSpec): boolean {
  if (module !== null) return /^keras\.(src\.)?ops(\.|$)/.test(module);
  return Object.hasOwn(operations(), className) && !("trainable" in config);
}

/** @throws {UnsupportedError} naming the operation when it is not done here. */
export function makeOperation(spec: ObjectSpec, name: string): Operation {
  const { className } = spec;
  const kinds = operations();
  const kind = Object.hasOwn(kinds, className) ? kinds[className] : undefined;
  if (kind) return new Operation(name, kind, spec);
  const supported = Object.keys(kinds).sort().join(", ");
  throw new UnsupportedError(`operation ${className} (${name})`, `one of ${supported}`, className);
}

/** All operators, by name. */

import type { Operators } from "../node_call";
import { ARITHMETIC_OPERATORS } from "./arithmetic";
import { ARRANGING_OPERATORS } from "./arrange";
import { CONVOLUTION_OPERATORS } from "./convolution";
import { NORMALIZING_OPERATORS } from "./normalization";
import { PRODUCT_OPERATORS } from "./product";
import { RECURRENT_OPERATORS } from "./recurrent";
import { REDUCING_OPERATORS } from "./reduce";
import { SHAPE_OPERATORS } from "./shape";
import { UNARY_OPERATORS } from "./unary";

export const OPERATORS: Operators = {
  ...ARITHMETIC_OPERATORS,
  ...ARRANGING_OPERATORS,
  ...CONVOLUTION_OPERATORS,
  ...NORMALIZING_OPERATORS,
  ...PRODUCT_OPERATORS,
  ...RECURRENT_OPERATORS,
  ...REDUCING_OPERATORS,
  ...SHAPE_OPERATORS,
  ...UNARY_OPERATORS,
};

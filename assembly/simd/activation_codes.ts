/**
 * Codes of the element-wise functions; src/wasm/activation_codes.ts holds the same numbers.
 * Named as in Keras 3, whose definitions they follow (keras/src/activations, keras/src/backend/tensorflow/nn.py).
 */
export const enum Activation {
  LINEAR = 0,
  TANH = 1,
  SIGMOID = 2,
  /** max(x, 0) */
  RELU = 3,
  RELU6 = 4,
  /** x, or alpha·x below 0 */
  LEAKY_RELU = 5,
  /** Keras `relu` with all its arguments: alpha = negative_slope, beta = max_value (∞: none), gamma = threshold. */
  CLIPPED_RELU = 6,
  /** x, or alpha·(eˣ − 1) below 0 */
  ELU = 7,
  SELU = 8,
  /** max(x, 0) + alpha·(e^(min(x, 0)/alpha) − 1) */
  CELU = 9,
  /** x·Φ(x) */
  GELU = 10,
  GELU_TANH = 11,
  SILU = 12,
  HARD_SILU = 13,
  /** relu6(x + 3) / 6, the one of Keras 3 */
  HARD_SIGMOID = 14,
  /** alpha·x + beta held in [0, 1]: `hard_sigmoid` of Keras 2 (0.2, 0.5) and of ONNX */
  CLIPPED_AFFINE = 15,
  LOG_SIGMOID = 16,
  HARD_TANH = 17,
  TANH_SHRINK = 18,
  /** alpha = threshold */
  SOFT_SHRINK = 19,
  /** alpha = threshold */
  HARD_SHRINK = 20,
  SOFTPLUS = 21,
  SOFTSIGN = 22,
  EXPONENTIAL = 23,
  MISH = 24,
  /** (x + √(x² + alpha)) / 2 */
  SQUAREPLUS = 25,
  SPARSE_PLUS = 26,
  SPARSE_SIGMOID = 27,
  /** x above alpha, else beta */
  THRESHOLD = 28,
  /** alpha·tanh(beta·x), the one of ONNX */
  SCALED_TANH = 29,
  /** alpha·x + beta */
  AFFINE = 30,
  ABS = 31,
  NEGATIVE = 32,
  SQUARE = 33,
  SQRT = 34,
  RSQRT = 35,
  LOG = 36,
  LOG1P = 37,
  RECIPROCAL = 38,
  SIGN = 39,
  FLOOR = 40,
  /** 1 where x = 0, else 0 */
  LOGICAL_NOT = 41,
  ISNAN = 42,
  ERF = 43,
  EXPM1 = 44,
}

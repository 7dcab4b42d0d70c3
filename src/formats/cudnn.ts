/**
 * Weights that the GPU layers CuDNNLSTM and CuDNNGRU saved → those of LSTM and GRU.
 *
 * Every gate is transposed; the input kernel, whose storage cuDNN read as [units, inputs], without being resized. LSTM
 * adds its two biases; GRU keeps both, as `reset_after` does.
 *
 * Source: tf-keras, legacy/hdf5_format.py, `_convert_rnn_weights`.
 */
import type { LayerWeights, NamedWeight, WeightTensor } from "../spec";

/** Converts wherever a bias has twice the expected length; wrappers and nested models hold several triples. */
export function convertCudnn(layers: readonly LayerWeights[]): LayerWeights[] {
  return layers.map(({ name, weights }) => {
    const converted = [...weights];
    for (let i = 0; i + 2 < weights.length; i++) {
      const triple = weights.slice(i, i + 3) as [NamedWeight, NamedWeight, NamedWeight];
      const gates = cudnnGates(triple.map(({ tensor }) => tensor.shape) as Shapes);
      if (gates !== 0) converted.splice(i, 3, ...convert(triple, gates));
    }
    return { name, weights: converted };
  });
}

type Shapes = [kernel: readonly number[], recurrent: readonly number[], bias: readonly number[]];

/** 4 for the weights of a CuDNNLSTM, 3 for those of a CuDNNGRU, 0 for others. */
function cudnnGates([kernel, recurrent, bias]: Shapes): 0 | 3 | 4 {
  const [units, columns] = recurrent;
  if (kernel.length !== 2 || recurrent.length !== 2 || bias.length !== 1 || !units) return 0;
  if (kernel[1] !== columns || bias[0] !== 2 * columns!) return 0;
  const gates = columns! / units;
  return gates === 3 || gates === 4 ? gates : 0;
}

function convert(triple: [NamedWeight, NamedWeight, NamedWeight], gates: 3 | 4): NamedWeight[] {
  const [kernel, recurrent, bias] = triple.map(({ tensor }) => tensor) as [WeightTensor, WeightTensor, WeightTensor];
  const columns = recurrent.shape[1]!;
  const tensors = [transposeGates(kernel, gates), transposeGates(recurrent, gates), { ...bias, shape: [2, columns] }];
  if (gates === 4) {
    const data = Float32Array.from({ length: columns }, (_, i) => bias.data[i]! + bias.data[columns + i]!);
    tensors[2] = { ...bias, shape: [columns], data };
  }
  return triple.map(({ name }, i) => ({ name, tensor: tensors[i]! }));
}

/** Each gate [rows, units] of a matrix, read row by row, is written column by column. */
function transposeGates(matrix: WeightTensor, gates: number): WeightTensor {
  const [rows, columns] = matrix.shape as [number, number];
  const units = columns / gates;
  const data = new Float32Array(matrix.data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const first = column - (column % units); // of the gate
      const flat = (column - first) * rows + row;
      data[row * columns + column] = matrix.data[Math.floor(flat / units) * columns + first + (flat % units)]!;
    }
  }
  return { ...matrix, data };
}

/** What one writes without a library: loops over typed arrays, weights as Keras orders them. */

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** to[n] = bias[n], then to[n] += Σ_k x[k] · matrix[k, n]. */
function addProduct(to, x, from, count, matrix) {
  const width = to.length;
  for (let k = 0; k < count; k++) {
    const value = x[from + k];
    for (let n = 0, w = k * width; n < width; n++, w++) to[n] += value * matrix[w];
  }
}

/** One step on the row of x that begins at `from`; h and c change in place. */
const STEPS = {
  SimpleRNN({ kernel, recurrent, bias, z }, x, from, features, { h }) {
    z.set(bias);
    addProduct(z, x, from, features, kernel);
    addProduct(z, h, 0, h.length, recurrent);
    for (let u = 0; u < h.length; u++) h[u] = Math.tanh(z[u]);
  },
  LSTM({ kernel, recurrent, bias, z }, x, from, features, { h, c }) {
    const units = h.length;
    z.set(bias);
    addProduct(z, x, from, features, kernel);
    addProduct(z, h, 0, units, recurrent);
    for (let u = 0; u < units; u++) {
      c[u] = sigmoid(z[units + u]) * c[u] + sigmoid(z[u]) * Math.tanh(z[2 * units + u]);
      h[u] = sigmoid(z[3 * units + u]) * Math.tanh(c[u]);
    }
  },
  GRU({ kernel, recurrent, bias, z, s }, x, from, features, { h }) {
    const units = h.length;
    z.set(bias.subarray(0, 3 * units));
    s.set(bias.subarray(3 * units));
    addProduct(z, x, from, features, kernel);
    addProduct(s, h, 0, units, recurrent);
    for (let u = 0; u < units; u++) {
      const update = sigmoid(z[u] + s[u]);
      const reset = sigmoid(z[units + u] + s[units + u]);
      h[u] = update * h[u] + (1 - update) * Math.tanh(z[2 * units + u] + reset * s[2 * units + u]);
    }
  },
};

function weightsOf([kernel, recurrent, bias]) {
  const width = kernel.shape[1];
  const scratch = { z: new Float32Array(width), s: new Float32Array(width) };
  return { kernel: kernel.data, recurrent: recurrent.data, bias: bias.data, ...scratch };
}

/** A layer as a function from [B, T, features] to its output. */
function recurrent({ kind, units, sequences, bidirectional, weights }, batch, timesteps, features) {
  const directions = bidirectional ? [weights.slice(0, 3), weights.slice(3)] : [weights];
  const all = directions.map(weightsOf);
  const width = units * all.length;
  return (x) => {
    const y = new Float32Array(batch * width * (sequences ? timesteps : 1));
    for (let b = 0; b < batch; b++) {
      all.forEach((own, direction) => {
        const state = { h: new Float32Array(units), c: new Float32Array(units) };
        for (let step = 0; step < timesteps; step++) {
          const t = direction === 1 ? timesteps - 1 - step : step;
          STEPS[kind](own, x, (b * timesteps + t) * features, features, state);
          if (sequences) y.set(state.h, (b * timesteps + t) * width + direction * units);
        }
        if (!sequences) y.set(state.h, b * width + direction * units);
      });
    }
    return y;
  };
}

function dense({ units, weights: [kernel, bias] }, batch, features) {
  return (x) => {
    const y = new Float32Array(batch * units);
    for (let b = 0; b < batch; b++) {
      const row = y.subarray(b * units, (b + 1) * units);
      row.set(bias.data);
      addProduct(row, x, b * features, features, kernel.data);
      let sum = 0;
      for (let n = 0; n < units; n++) sum += row[n] = Math.exp(row[n]);
      for (let n = 0; n < units; n++) row[n] /= sum;
    }
    return y;
  };
}

function embedding({ units, weights: [table] }) {
  return (ids) => {
    const y = new Float32Array(ids.length * units);
    for (let k = 0; k < ids.length; k++) y.set(table.data.subarray(ids[k] * units, (ids[k] + 1) * units), k * units);
    return y;
  };
}

export async function load({ layers, batch, timesteps, features, input, stream }) {
  if (stream) {
    const [layer] = layers;
    const own = weightsOf(layer.weights);
    const state = { h: new Float32Array(layer.units), c: new Float32Array(layer.units) };
    const reset = () => Object.values(state).forEach((values) => void values.fill(0));
    const run = () => {
      STEPS[layer.kind](own, input, 0, features, state);
      return state.h.slice();
    };
    return { reset, run };
  }
  let width = features;
  const calls = layers.map((layer) => {
    const given = width;
    width = layer.units * (layer.bidirectional ? 2 : 1);
    if (layer.kind === "Dense") return dense(layer, batch, given);
    return layer.kind === "Embedding" ? embedding(layer) : recurrent(layer, batch, timesteps, given);
  });
  return { run: () => calls.reduce((x, call) => call(x), input) };
}

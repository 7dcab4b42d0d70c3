"""Seeded weights and inputs of a workload, and its outputs in float64: what every contestant must give."""

import numpy as np

GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
STREAM_STEPS = 3
"""A stream is checked after so many steps on the same frame, so that its state counts."""


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def recurrent_weights(layer, features, numbers):
    """Kernel [I, G·H], recurrent kernel [H, G·H] and bias, as Keras orders them."""
    units = layer["units"]
    width, scale = GATES[layer["kind"]] * units, 1 / np.sqrt(units)
    shapes = [(features, width), (units, width), (2, width) if layer["kind"] == "GRU" else (width,)]
    return [numbers.uniform(-scale, scale, shape).astype(np.float32) for shape in shapes]


def seeded(workload):
    """The input and, layer by layer, the weights."""
    numbers = np.random.default_rng(7)
    batch, timesteps = workload["batch"], workload["timesteps"]
    if "vocabulary" in workload:
        x, width = numbers.integers(0, workload["vocabulary"], (batch, timesteps)).astype(np.int32), None
    else:
        width = workload["features"]
        x = numbers.uniform(-1, 1, (batch, timesteps, width)).astype(np.float32)
    weights = []
    for layer in workload["layers"]:
        units = layer["units"]
        if layer["kind"] == "Embedding":
            own = [numbers.uniform(-0.5, 0.5, (workload["vocabulary"], units)).astype(np.float32)]
        elif layer["kind"] == "Dense":
            own = [numbers.uniform(-0.3, 0.3, shape).astype(np.float32) for shape in ((width, units), (units,))]
        else:
            directions = 2 if layer.get("bidirectional") else 1
            own = [w for _ in range(directions) for w in recurrent_weights(layer, width, numbers)]
            units *= directions
        width = units
        weights.append(own)
    return x, weights


def step(kind, x, states, weights, reset_after):
    kernel, recurrent, bias = (w.astype(np.float64) for w in weights)
    h, units = states[0], recurrent.shape[0]
    if kind == "SimpleRNN":
        return [np.tanh(x @ kernel + bias + h @ recurrent)]
    if kind == "LSTM":
        i, f, g, o = np.split(x @ kernel + bias + h @ recurrent, 4, axis=-1)
        c = sigmoid(f) * states[1] + sigmoid(i) * np.tanh(g)
        return [sigmoid(o) * np.tanh(c), c]
    given = x @ kernel + bias[0]
    if reset_after:
        kept = h @ recurrent + bias[1]
        z, r = (sigmoid(given[:, k : k + units] + kept[:, k : k + units]) for k in (0, units))
        candidate = np.tanh(given[:, 2 * units :] + r * kept[:, 2 * units :])
    else:
        kept = h @ recurrent[:, : 2 * units]
        z, r = (sigmoid(given[:, k : k + units] + kept[:, k : k + units]) for k in (0, units))
        candidate = np.tanh(given[:, 2 * units :] + (r * h) @ recurrent[:, 2 * units :])
    return [z * h + (1 - z) * candidate]


def recurrent_layer(layer, x, weights, reset_after, reverse=False):
    zeros = np.zeros((x.shape[0], layer["units"]))
    states, outputs = [zeros] * (2 if layer["kind"] == "LSTM" else 1), []
    for t in reversed(range(x.shape[1])) if reverse else range(x.shape[1]):
        states = step(layer["kind"], x[:, t], states, weights, reset_after)
        outputs.append(states[0])
    if not layer.get("sequences"):
        return states[0]
    return np.stack(outputs[::-1] if reverse else outputs, axis=1)


def expected(workload, x, weights, reset_after=True):
    """The output in float64."""
    if workload.get("stream"):
        x = np.repeat(x, STREAM_STEPS, axis=1)
    y = x if x.dtype == np.int32 else x.astype(np.float64)
    for layer, own in zip(workload["layers"], weights):
        if layer["kind"] == "Embedding":
            y = own[0].astype(np.float64)[y]
        elif layer["kind"] == "Dense":
            y = np.exp(y @ own[0].astype(np.float64) + own[1])
            y /= y.sum(axis=-1, keepdims=True)
        elif layer.get("bidirectional"):
            halves = (recurrent_layer(layer, y, own[3 * k : 3 * k + 3], reset_after, k == 1) for k in (0, 1))
            y = np.concatenate(list(halves), axis=-1)
        else:
            y = recurrent_layer(layer, y, own, reset_after)
    return y

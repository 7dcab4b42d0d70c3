"""Writes each workload as NAME.keras and NAME.onnx: the same seeded weights, sums in another order.

Usage: python make.py FOLDER [NAME=MODEL.keras ...] (models made elsewhere get their .onnx too)
"""

import sys
from pathlib import Path

import keras
import numpy as np
import onnx
from keras import layers
from onnx import TensorProto, helper, numpy_helper

ORDER = {"LSTM": (0, 3, 1, 2), "GRU": (0, 1, 2)}
"""Gates of ONNX by their place in Keras: i o f c of i f c o."""


def workloads():
    both = layers.Bidirectional
    yield "S1", [keras.Input((None, 64)), layers.LSTM(128)]
    yield "S2", [keras.Input((None, 64)), layers.GRU(128)]
    yield "S512", [keras.Input((None, 64)), layers.LSTM(512)]
    yield "TINY", [keras.Input((20, 8)), layers.LSTM(16)]
    yield "L1", [keras.Input((100, 64)), layers.LSTM(128)]
    bi = [both(layers.LSTM(64, return_sequences=True)), both(layers.LSTM(32)), layers.Dense(10, "softmax")]
    yield "BI1", [keras.Input((100, 10)), *bi]
    yield "E2E1", [keras.Input((100,)), layers.Embedding(1000, 64), layers.LSTM(128), layers.Dense(10, "softmax")]


class Graph:
    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, array):
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, operator, inputs, outputs=1, **attributes):
        names = [f"{operator}_{len(self.nodes)}_{k}" for k in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, **attributes))
        return names if outputs > 1 else names[0]

    def recurrent(self, layer, x, states=()):
        """Outputs [T, directions, B, H] and the last states [directions, B, H]."""
        is_both = isinstance(layer, layers.Bidirectional)
        cells = [layer.forward_layer, layer.backward_layer] if is_both else [layer]
        kind = type(cells[0]).__name__

        def in_order(array):
            gates = np.split(array, len(ORDER[kind]), axis=-1)
            return np.concatenate([gates[k] for k in ORDER[kind]], axis=-1)

        weights = [cell.get_weights() for cell in cells]
        matrices = [np.stack([in_order(w[k]).T for w in weights]) for k in (0, 1)]
        halves = [(w[2], np.zeros_like(w[2])) if w[2].ndim == 1 else w[2] for w in weights]
        bias = np.stack([np.concatenate([in_order(half) for half in pair]) for pair in halves])
        return self.node(
            kind,
            [x, *(self.constant(a) for a in (*matrices, bias)), *(["", *states] if states else [])],
            outputs=3 if kind == "LSTM" else 2,
            hidden_size=cells[0].units,
            direction="bidirectional" if is_both else "forward",
            **({"linear_before_reset": 1} if kind == "GRU" else {}),
        )


def finished(graph, inputs, outputs):
    described = [[helper.make_tensor_value_info(*value) for value in side] for side in (inputs, outputs)]
    whole = helper.make_graph(graph.nodes, "workload", *described, initializer=graph.constants)
    return helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def step(model):
    """One timestep of one stream; states go in and come out."""
    graph, (layer,) = Graph(), model.layers
    features, units = model.input_shape[-1], layer.units
    names = ["h", "c"] if isinstance(layer, layers.LSTM) else ["h"]
    _, *states = graph.recurrent(layer, "x", names)
    for name, state in zip(names, states):
        graph.nodes.append(helper.make_node("Identity", [state], [f"{name}_next"]))
    inputs = [("x", TensorProto.FLOAT, [1, 1, features])]
    inputs += [(name, TensorProto.FLOAT, [1, 1, units]) for name in names]
    return finished(graph, inputs, [(f"{name}_next", TensorProto.FLOAT, [1, 1, units]) for name in names])


def sequence(model):
    """Batches of whole sequences, time-major inside, as ONNX wants it."""
    graph, is_ids = Graph(), isinstance(model.layers[0], layers.Embedding)
    x = graph.node("Transpose", ["x"], perm=[1, 0] if is_ids else [1, 0, 2])
    for layer in model.layers:
        if isinstance(layer, layers.Embedding):
            x = graph.node("Gather", [graph.constant(layer.get_weights()[0]), x])
        elif isinstance(layer, layers.Dense):
            product = graph.node("Gemm", [x, *(graph.constant(a) for a in layer.get_weights())])
            x = graph.node("Softmax", [product], axis=-1)
        elif isinstance(layer, (layers.LSTM, layers.GRU, layers.Bidirectional)):
            y, last, *_ = graph.recurrent(layer, x)
            if layer.return_sequences:
                x = graph.node("Transpose", [y], perm=[0, 2, 1, 3])
                x = graph.node("Reshape", [x, graph.constant(np.array([0, 0, -1]))])
            else:
                x = graph.node("Transpose", [last], perm=[1, 0, 2])
                x = graph.node("Reshape", [x, graph.constant(np.array([0, -1]))])
        elif not isinstance(layer, layers.Dropout):
            raise ValueError(f"{layer.name}: no {type(layer).__name__} here")
    graph.nodes.append(helper.make_node("Identity", [x], ["y"]))
    kind = TensorProto.INT32 if is_ids else TensorProto.FLOAT
    shape = ["batch", *(d or "timesteps" for d in model.input_shape[1:])]
    return finished(graph, [("x", kind, shape)], [("y", TensorProto.FLOAT, ["batch", model.output_shape[-1]])])


def main(folder, *others):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(1)
    for name, stack in workloads():
        model = keras.Sequential(stack)
        model.save(folder / f"{name}.keras")
        onnx.save(step(model) if name.startswith("S") else sequence(model), folder / f"{name}.onnx")
    for other in others:
        name, path = other.split("=")
        onnx.save(sequence(keras.saving.load_model(path, compile=False)), folder / f"{name}.onnx")


main(*sys.argv[1:])

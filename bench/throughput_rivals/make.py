"""Writes each workload as NAME.keras and NAME.onnx: the same seeded weights, sums in another order.

Usage: python make.py FOLDER [NAME=MODEL.keras ...] (models made elsewhere get their .onnx too)
"""

import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers
from onnx import TensorProto, helper

sys.path.append(str(Path(__file__).parents[1] / "rivals/models"))
from onnx_model import Graph, finished  # noqa: E402


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


def recurrent(graph, layer, x, states=()):
    cell = layer.forward_layer if isinstance(layer, layers.Bidirectional) else layer
    return graph.recurrent({"kind": type(cell).__name__, "units": cell.units}, x, layer.get_weights(), states)


def step(model):
    """One timestep of one stream; states go in and come out."""
    graph, (layer,) = Graph(), model.layers
    features, units = model.input_shape[-1], layer.units
    names = ["h", "c"] if isinstance(layer, layers.LSTM) else ["h"]
    _, *states = recurrent(graph, layer, "x", names)
    for name, state in zip(names, states):
        graph.nodes.append(helper.make_node("Identity", [state], [f"{name}_next"]))
    inputs = [("x", TensorProto.FLOAT, [1, 1, features])]
    inputs += [(name, TensorProto.FLOAT, [1, 1, units]) for name in names]
    return finished(graph, inputs, [(f"{name}_next", [1, 1, units]) for name in names])


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
            y, last, *_ = recurrent(graph, layer, x)
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
    return finished(graph, [("x", kind, shape)], [("y", ["batch", model.output_shape[-1]])])


def main(folder, *others):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(1)
    for name, stack in workloads():
        model = keras.Sequential(stack)
        model.save(folder / f"{name}.keras")
        (folder / f"{name}.onnx").write_bytes(step(model) if name.startswith("S") else sequence(model))
    for other in others:
        name, path = other.split("=")
        (folder / f"{name}.onnx").write_bytes(sequence(keras.saving.load_model(path, compile=False)))


main(*sys.argv[1:])

"""A workload as ONNX, as converters write it: batch-major outside, with ONNX' time-major recurrent operators inside."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ORDER = {"LSTM": (0, 3, 1, 2), "GRU": (0, 1, 2), "SimpleRNN": (0,)}
"""Gates of ONNX by their place in Keras: i o f c of i f c o."""


def in_order(kind, array):
    gates = np.split(array, len(ORDER[kind]), axis=-1)
    return np.concatenate([gates[k] for k in ORDER[kind]], axis=-1)


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

    def recurrent(self, layer, x, weights, states=()):
        """Outputs [T, directions, B, H] and the last states [directions, B, H]."""
        kind, directions = layer["kind"], [weights[k : k + 3] for k in range(0, len(weights), 3)]
        matrices = [np.stack([in_order(kind, w[k]).T for w in directions]) for k in (0, 1)]
        halves = [(w[2], np.zeros_like(w[2])) if w[2].ndim == 1 else w[2] for w in directions]
        bias = np.stack([np.concatenate([in_order(kind, half) for half in both]) for both in halves])
        inputs = [x, *(self.constant(a) for a in (*matrices, bias)), "", *states]
        return self.node(
            {"SimpleRNN": "RNN"}.get(kind, kind),
            inputs[: None if states else 4],
            outputs=3 if kind == "LSTM" else 2,
            hidden_size=layer["units"],
            direction="bidirectional" if len(directions) == 2 else "forward",
            **({"linear_before_reset": 1} if kind == "GRU" else {}),
        )


def onnx_model(workload, weights):
    batch, timesteps = workload["batch"], workload["timesteps"]
    graph, ids = Graph(), "vocabulary" in workload
    if workload.get("stream"):
        return streamed(workload, weights[0], graph)
    shape = [batch, timesteps] if ids else [batch, timesteps, workload["features"]]
    x = graph.node("Transpose", ["x"], perm=[1, 0] if ids else [1, 0, 2])
    for layer, own in zip(workload["layers"], weights):
        width = layer["units"] * (2 if layer.get("bidirectional") else 1)
        if layer["kind"] == "Embedding":
            x = graph.node("Gather", [graph.constant(own[0]), x])
        elif layer["kind"] == "Dense":
            product = graph.node("Gemm", [x, *(graph.constant(a) for a in own)])
            x = graph.node("Softmax", [product], axis=-1)
        else:
            y, last, *_ = graph.recurrent(layer, x, own)
            if layer.get("sequences"):
                x = graph.node("Transpose", [y], perm=[0, 2, 1, 3])
                x = graph.node("Reshape", [x, graph.constant(np.array([timesteps, batch, width]))])
            else:
                x = graph.node("Transpose", [last], perm=[1, 0, 2])
                x = graph.node("Reshape", [x, graph.constant(np.array([batch, width]))])
    if workload["layers"][-1].get("sequences"):
        x, out = graph.node("Transpose", [x], perm=[1, 0, 2]), [batch, timesteps, width]
    else:
        out = [batch, width]
    graph.nodes.append(helper.make_node("Identity", [x], ["y"]))
    kind = TensorProto.INT32 if ids else TensorProto.FLOAT
    return finished(graph, [("x", kind, shape)], [("y", out)])


def streamed(workload, weights, graph):
    layer = workload["layers"][0]
    names = ["h", "c"] if layer["kind"] == "LSTM" else ["h"]
    results = graph.recurrent(layer, "x", weights, names)
    state = [1, 1, layer["units"]]
    outputs = []
    for name, result in zip(names, results[1:]):
        graph.nodes.append(helper.make_node("Identity", [result], [f"{name}_out"]))
        outputs.append((f"{name}_out", state))
    inputs = [("x", TensorProto.FLOAT, [1, 1, workload["features"]])]
    return finished(graph, inputs + [(name, TensorProto.FLOAT, state) for name in names], outputs)


def finished(graph, inputs, outputs):
    described = helper.make_graph(
        graph.nodes,
        "workload",
        [helper.make_tensor_value_info(*given) for given in inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs],
        graph.constants,
    )
    model = helper.make_model(described, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()

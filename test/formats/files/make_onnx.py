"""Writes the ONNX files of this folder with onnx.helper, and what is in them to expected_onnx.json.

    python test/formats/files/make_onnx.py          # onnx 1.x, numpy 2.x
"""

import json
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(11)
expected = {"onnx": onnx.__version__, "tensors": {}}


def say(name, array):
    numbers = [float(x) for x in np.asarray(array, np.float64).ravel()]
    expected["tensors"][name] = {"shape": list(np.shape(array)), "data": numbers}


def save(name, nodes, inputs, outputs, initializers=(), **options):
    graph = helper.make_graph(nodes, "g", inputs, outputs, list(initializers))
    model = helper.make_model(graph, producer_name="helper", opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, HERE / name, **options)


x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", None, 3])
y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)

# Every type of number, as raw bytes and as lists.
tensors = []
values = np.array([[3, 1, 0], [2, 100, 7]])
for kind in "float32 float64 float16 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool".split():
    array = values.astype(kind)
    tensors.append(numpy_helper.from_array(array, f"raw {kind}"))
    say(f"raw {kind}", array)
    data_type = helper.np_dtype_to_tensor_dtype(np.dtype(kind))
    tensors.append(helper.make_tensor(f"list {kind}", data_type, [2, 3], array.ravel().tolist()))
    say(f"list {kind}", array)
tensors.append(helper.make_tensor("list bfloat16", TensorProto.BFLOAT16, [2], [1.0, -2.5]))
say("list bfloat16", np.array([1.0, -2.5]))
tensors.append(numpy_helper.from_array(np.int64(2**53 - 1), "large"))
say("large", np.float64(2**53 - 1))
save("types.onnx", [helper.make_node("Identity", ["x"], ["y"])], [x], [y], tensors)

# Attributes of every kind, an argument left out, a branch that takes a name from outside.
weights = [numpy_helper.from_array(rng.standard_normal(shape).astype("f4"), name)
           for name, shape in [("W", (1, 8, 3)), ("R", (1, 8, 2))]]
branch = lambda op: helper.make_graph(
    [helper.make_node(op, ["Y"], [f"{op} out"])], op, [], [helper.make_tensor_value_info(f"{op} out", 1, None)])
nodes = [
    helper.make_node("LSTM", ["x", "W", "R", "", "", "", ""], ["Y", "", "Yc"], name="rnn", hidden_size=2, clip=0.5,
                     direction="forward", activations=["Sigmoid", "Tanh", "Tanh"], activation_alpha=[0.25, 1.5]),
    helper.make_node("Constant", [], ["yes"], value=numpy_helper.from_array(np.array(True))),
    helper.make_node("If", ["yes"], ["y"], then_branch=branch("Identity"), else_branch=branch("Relu")),
]
save("graph.onnx", nodes, [x], [y], weights)
say("W", numpy_helper.to_array(weights[0]))

# Weights in a file beside the model.
(HERE / "external.bin").unlink(missing_ok=True)  # onnx would write behind what is there
big = numpy_helper.from_array(np.arange(600, dtype="f4").reshape(20, 30), "big")
save("external.onnx", [helper.make_node("Identity", ["x"], ["y"])], [x], [y], [big],
     save_as_external_data=True, location="external.bin", size_threshold=16)
say("big", np.arange(600, dtype="f4").reshape(20, 30))

(HERE / "expected_onnx.json").write_text(json.dumps(expected))

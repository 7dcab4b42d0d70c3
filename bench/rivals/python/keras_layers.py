"""What the backends of Keras share: its model with the workload's weights."""

import sys
from pathlib import Path

import keras

sys.path.append(str(Path(__file__).parents[1] / "models"))
from tflite_model import input_shape, keras_layer  # noqa: E402


def model(workload):
    dtype = "int32" if "vocabulary" in workload else "float32"
    x = keras.Input(input_shape(workload), batch_size=workload["batch"], dtype=dtype)
    layers = [keras_layer(layer, workload) for layer in workload["layers"]]
    y = x
    for layer in layers:
        y = layer(y)
    for layer, described in zip(layers, workload["layers"]):
        layer.set_weights(described["weights"])
    return keras.Model(x, y)


def cell(workload):
    layer = workload["layers"][0]
    made = getattr(keras.layers, f"{layer['kind']}Cell")(layer["units"])
    made.build((1, workload["features"]))
    for variable, value in zip(made.weights, layer["weights"]):
        variable.assign(value)
    return made

"""What the backends of Keras share: its model with the workload's weights."""

import sys
from pathlib import Path

import keras

sys.path.append(str(Path(__file__).parents[1] / "models"))
from tflite_model import keras_model  # noqa: E402


def model(workload):
    return keras_model(workload, [layer["weights"] for layer in workload["layers"]])


def cell(workload):
    layer = workload["layers"][0]
    made = getattr(keras.layers, f"{layer['kind']}Cell")(layer["units"])
    made.build((1, workload["features"]))
    for variable, value in zip(made.weights, layer["weights"]):
        variable.assign(value)
    return made

"""Keras on TensorFlow: the model's call as one function, compiled by XLA, on one thread."""

import os

import numpy as np

os.environ["KERAS_BACKEND"] = "tensorflow"


def load(workload):
    import keras
    import keras_layers
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    x = workload["x"]
    note = f"Keras {keras.__version__}, TensorFlow {tf.__version__}"
    if not workload.get("stream"):
        model = keras_layers.model(workload)
        call = tf.function(lambda given: model(given), jit_compile=True)
        return lambda: call(tf.constant(x)).numpy(), None, note
    cell = keras_layers.cell(workload)
    call = tf.function(lambda given, states: cell(given, states)[1], jit_compile=True)
    count = 2 if workload["layers"][0]["kind"] == "LSTM" else 1
    states, frame = [], x[:, 0]

    def reset():
        states[:] = [tf.zeros((1, workload["layers"][0]["units"])) for _ in range(count)]

    def step():
        states[:] = call(tf.constant(frame), list(states))
        return np.asarray(states[0])

    reset()
    return step, reset, note

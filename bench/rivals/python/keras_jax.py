"""Keras on JAX: the model's stateless call, compiled by XLA, on one thread."""

import os

import numpy as np

os.environ["KERAS_BACKEND"] = "jax"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def load(workload):
    import jax
    import keras
    import keras_layers

    x = workload["x"]
    note = f"Keras {keras.__version__}, JAX {jax.__version__}"
    if not workload.get("stream"):
        model = keras_layers.model(workload)
        trained = [v.value for v in model.trainable_variables]
        others = [v.value for v in model.non_trainable_variables]
        call = jax.jit(lambda given: model.stateless_call(trained, others, given)[0])
        return lambda: np.asarray(call(x)), None, note
    cell = keras_layers.cell(workload)
    trained = [v.value for v in cell.trainable_variables]
    others = [v.value for v in cell.non_trainable_variables]
    call = jax.jit(lambda given, states: cell.stateless_call(trained, others, given, states)[0][1])
    count = 2 if workload["layers"][0]["kind"] == "LSTM" else 1
    states, frame = [], x[:, 0]

    def reset():
        states[:] = [np.zeros((1, workload["layers"][0]["units"]), np.float32) for _ in range(count)]

    def step():
        states[:] = call(frame, list(states))
        return np.asarray(states[0])

    reset()
    return step, reset, note

"""
A workload as .tflite files, by TensorFlow's converter: `keras` from the Keras 3 model, whose layers become a WHILE
loop, and `unrolled` from the same equations with the loop written out and the input's product made once for all.
"""

import keras
import tensorflow as tf


def keras_layer(layer, workload):
    kind, units = layer["kind"], layer["units"]
    if kind == "Embedding":
        return keras.layers.Embedding(workload["vocabulary"], units)
    if kind == "Dense":
        return keras.layers.Dense(units, activation="softmax")
    made = getattr(keras.layers, kind)(units, return_sequences=layer.get("sequences", False))
    return keras.layers.Bidirectional(made) if layer.get("bidirectional") else made


def input_shape(workload):
    return [workload["timesteps"]] if "vocabulary" in workload else [workload["timesteps"], workload["features"]]


def keras_model(workload, weights):
    """The Keras model with its weights; of a stream, the layer that returns its states is the caller's affair."""
    dtype = "int32" if "vocabulary" in workload else "float32"
    x = keras.Input(input_shape(workload), batch_size=workload["batch"], dtype=dtype)
    layers = [keras_layer(layer, workload) for layer in workload["layers"]]
    y = x
    for layer in layers:
        y = layer(y)
    for layer, own in zip(layers, weights):
        layer.set_weights(own)
    return keras.Model(x, y)


def keras_cell(workload, weights):
    """One step of a stream: a function of frame and states that gives the new states."""
    layer = workload["layers"][0]
    cell = getattr(keras.layers, f"{layer['kind']}Cell")(layer["units"])
    cell.build((1, workload["features"]))
    for variable, value in zip(cell.weights, weights[0]):
        variable.assign(value)
    return lambda x, *states: cell(x, list(states))[1]


def state_count(workload):
    return 2 if workload["layers"][0]["kind"] == "LSTM" else 1


def unrolled_layer(layer, x, weights, reverse=False):
    kernel, recurrent, bias = (tf.constant(w) for w in weights)
    batch, timesteps, features = x.shape
    kind, units = layer["kind"], layer["units"]
    first = bias[0] if kind == "GRU" else bias
    by_time = tf.reshape(tf.transpose(x, [1, 0, 2]), [timesteps * batch, features])
    given = tf.split(tf.matmul(by_time, kernel) + first, timesteps)
    h = c = tf.zeros([batch, units])
    outputs = []
    for z in reversed(given) if reverse else given:
        if kind == "SimpleRNN":
            h = tf.tanh(z + tf.matmul(h, recurrent))
        elif kind == "LSTM":
            i, f, g, o = tf.split(z + tf.matmul(h, recurrent), 4, axis=1)
            c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
            h = tf.sigmoid(o) * tf.tanh(c)
        else:
            kept = tf.split(tf.matmul(h, recurrent) + bias[1], 3, axis=1)
            z1, z2, z3 = tf.split(z, 3, axis=1)
            update, reset = tf.sigmoid(z1 + kept[0]), tf.sigmoid(z2 + kept[1])
            h = update * h + (1 - update) * tf.tanh(z3 + reset * kept[2])
        outputs.append(h)
    return tf.stack(outputs[::-1] if reverse else outputs, axis=1) if layer.get("sequences") else h


def unrolled(workload, weights):
    """The same network as a function, for networks without token ids."""

    def call(x):
        for layer, own in zip(workload["layers"], weights):
            if layer["kind"] == "Dense":
                x = tf.nn.softmax(tf.matmul(x, own[0]) + own[1])
            elif layer.get("bidirectional"):
                halves = [unrolled_layer(layer, x, own[3 * k : 3 * k + 3], k == 1) for k in (0, 1)]
                x = tf.concat(halves, axis=-1)
            else:
                x = unrolled_layer(layer, x, own)
        return x

    return call


def tflite_model(function, shapes, dtype=tf.float32):
    concrete = tf.function(function).get_concrete_function(*(tf.TensorSpec(shape, dtype) for shape in shapes))
    return tf.lite.TFLiteConverter.from_concrete_functions([concrete]).convert()


def tflite_models(workload, weights, wanted_unrolled):
    """Names and bytes."""
    if workload.get("stream"):
        units = workload["layers"][0]["units"]
        shapes = [[1, workload["features"]], *[[1, units]] * state_count(workload)]
        yield "keras", tflite_model(keras_cell(workload, weights), shapes)
        return
    shape = [workload["batch"], *input_shape(workload)]
    dtype = tf.int32 if "vocabulary" in workload else tf.float32
    yield "keras", tflite_model(keras_model(workload, weights), [shape], dtype)
    if wanted_unrolled:
        yield "unrolled", tflite_model(unrolled(workload, weights), [shape])

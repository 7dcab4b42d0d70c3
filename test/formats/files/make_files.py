"""Writes the HDF5 files of this folder with h5py, and what is in them to expected.json.

    python test/formats/files/make_files.py

Versions: h5py 3.x, numpy 2.x (expected.json names them). Seeded, so running it again changes no numbers.
"""

import json
import pathlib

import h5py
import numpy as np

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(7)
expected = {"h5py": h5py.__version__, "hdf5": h5py.version.hdf5_version, "numpy": np.__version__, "files": {}}


def numbers(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def say(name, group, arrays):
    """What `group` of file `name` must give: float32 numbers, in order."""
    flat = [[float(x) for x in np.asarray(a, dtype=np.float32).ravel()] for a in arrays]
    entry = [{"shape": list(np.shape(a)), "data": d} for a, d in zip(arrays, flat)]
    expected["files"].setdefault(name, {})[group] = entry


def write(name, **options):
    return h5py.File(HERE / name, "w", **options)


# Every type of number, either endianness; a scalar, an empty array, booleans.
with write("types.weights.h5") as f:
    values = np.array([[-2.5, 0.0, 1.0], [3.0, 100.0, -0.15625]])
    kinds = ["<f4", ">f4", "<f8", ">f8", "<f2", ">f2", "<i1", "<i2", ">i4", "<i8", "<u1", ">u2", "<u4", "<u8"]
    arrays = [np.abs(values).astype(kind) if "u" in kind else values.astype(kind) for kind in kinds]
    arrays += [np.float32(4.25), np.zeros((0, 3), "<f4"), np.array([True, False, True])]
    group = f.create_group("layers/dense/vars")
    for i, array in enumerate(arrays):
        group.create_dataset(str(i), data=array)
    say("types.weights.h5", "layers/dense", arrays)
    # bfloat16 as Keras writes it: two opaque bytes and an attribute.
    bits = np.array([0x3F80, 0xC020, 0x7F80, 0x0000], np.uint16)
    dataset = f.create_group("layers/lstm/vars").create_dataset("0", data=bits.view("V2"))
    dataset.attrs["dtype"] = "bfloat16"
    expected["files"]["types.weights.h5"]["layers/lstm"] = [{"shape": [4], "data": [1.0, -2.5, "Infinity", 0.0]}]

# More than ten variables, which HDF5 lists as 0, 1, 10, 11, 2 …
with write("many.weights.h5") as f:
    arrays = [numbers(2) for _ in range(12)]
    group = f.create_group("layers/many/vars")
    for i, array in enumerate(arrays):
        group[str(i)] = array
    say("many.weights.h5", "layers/many", arrays)
    for i in range(20):  # several nodes of the tree of names
        f.create_group(f"layers/dense_{i}/vars")["0"] = np.float32([i])
    say("many.weights.h5", "layers/dense_19", [np.float32([19])])

# Chunks that stick out, compressed in the ways that h5py offers.
with write("chunked.weights.h5") as f:
    arrays = [numbers(7, 5), numbers(9), numbers(4, 3, 5), numbers(6, 6), np.arange(20, dtype=">i4").reshape(4, 5)]
    options = [
        {"chunks": (3, 2)},
        {"chunks": (4,), "compression": "gzip"},
        {"chunks": (2, 2, 4), "compression": "gzip", "shuffle": True, "fletcher32": True},
        {"chunks": (6, 6), "fletcher32": True},
        {"chunks": (2, 5), "shuffle": True},
    ]
    group = f.create_group("layers/dense/vars")
    for i, array in enumerate(arrays):
        group.create_dataset(str(i), data=array, **options[i])
    say("chunked.weights.h5", "layers/dense", arrays)

# The newest layout of groups that h5py writes.
with write("latest.weights.h5", libver="latest") as f:
    arrays = [numbers(3, 2), numbers(2)]
    group = f.create_group("layers/dense/vars")
    for i, array in enumerate(arrays):
        group[str(i)] = array
    group.attrs["name"] = "dense_7"
    say("latest.weights.h5", "layers/dense", arrays)

# Keras 2.12 on Windows: another name for `layers`, and paths with backslashes in one name.
with write("windows.weights.h5") as f:
    kernel, bias = numbers(2, 3), numbers(3)
    group = f.create_group("_layer_checkpoint_dependencies\\dense").create_group("vars")
    group["0"], group["1"] = kernel, bias
    say("windows.weights.h5", "layers/dense", [kernel, bias])
    f.create_group("_layer_checkpoint_dependencies/gru/cell/vars")["0"] = kernel
    say("windows.weights.h5", "layers/gru/cell", [kernel])
    f.create_group("optimizer/vars")["0"] = np.float32([1])
    f.create_group("layers/dropout/seed_generator/vars")["0"] = np.uint32([1, 2])

# An attribute of a type that its reader does not know, and says so on the console.
with write("odd_attribute.weights.h5") as f:
    group = f.create_group("layers/dense/vars")
    group["0"] = np.float32([1])
    group.attrs["odd"] = np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")])
    group.attrs["name"] = "dense"
    say("odd_attribute.weights.h5", "layers/dense", [np.float32([1])])

# What is refused.
with write("circle.weights.h5") as f:
    inner = f.create_group("layers/a")
    inner["again"] = f["layers"]
with write("soft_link.weights.h5") as f:
    f.create_group("layers/dense/vars")["0"] = h5py.SoftLink("/elsewhere")
with write("external_link.weights.h5") as f:
    f.create_group("layers/dense/vars")["0"] = h5py.ExternalLink("other.h5", "/x")
with write("text.weights.h5") as f:
    f.create_group("layers/dense/vars").create_dataset("0", data=np.array(["a", "b"], dtype="S3"))
with write("gap.weights.h5") as f:
    group = f.create_group("layers/dense/vars")
    group["0"], group["2"] = np.float32([1]), np.float32([2])
with write("unwritten.weights.h5") as f:
    f.create_group("layers/dense/vars").create_dataset("0", shape=(1000, 1000), dtype="f4", chunks=(10, 10))


# Legacy files. Names are padded with NUL as fixed-length strings are; some lists are cut into numbered attributes.
def legacy(group, layers, split=0, vlen=False):
    def put(owner, key, names):
        if split and len(names) > split:
            for i in range(0, len(names), split):
                owner.attrs[f"{key}{i // split}"] = np.array(names[i : i + split], dtype="S60")
        elif vlen:
            owner.attrs[key] = names
        else:
            owner.attrs[key] = np.array([n.encode() for n in names], dtype="S60")

    put(group, "layer_names", [name for name, _ in layers])
    for name, weights in layers:
        layer = group.create_group(name)
        put(layer, "weight_names", [weight for weight, _ in weights])
        for weight, value in weights:
            layer[weight] = value


def config(layers, class_name="Sequential", bare=False):
    items = [{"class_name": kind, "config": {"name": name, **rest}} for kind, name, rest in layers]
    return json.dumps({"class_name": class_name, "config": items if bare else {"name": "m", "layers": items}})


def triple(prefix, inputs, units, gates, bias_rows=1):
    shape = (bias_rows * gates * units,)
    return [
        (f"{prefix}/kernel:0", numbers(inputs, gates * units)),
        (f"{prefix}/recurrent_kernel:0", numbers(units, gates * units)),
        (f"{prefix}/bias:0", numbers(*shape)),
    ]


def say_layers(name, layers):
    for layer, weights in layers:
        say(name, layer, [value for _, value in weights])


# Keras 2.1: a bare list of layers, byte strings, one layer without weights.
with write("keras_2_1.h5") as f:
    layers = [("gru_1", triple("gru_1", 2, 3, 3)), ("dropout_1", []), ("dense_1", [("dense_1/kernel:0", numbers(3, 1))])]
    settings = {"units": 3, "recurrent_activation": "hard_sigmoid", "batch_input_shape": [None, 5, 2]}
    rows = [("GRU", "gru_1", settings), ("Dropout", "dropout_1", {"rate": 0.2}), ("Dense", "dense_1", {"units": 1})]
    f.attrs["keras_version"], f.attrs["backend"] = b"2.1.4", b"tensorflow"
    f.attrs["model_config"] = config(rows, bare=True).encode()
    f.attrs["training_config"] = b"{}"
    f.create_group("optimizer_weights")["iterations:0"] = np.int64(3)
    legacy(f.create_group("model_weights"), layers)
    say_layers("keras_2_1.h5", layers)

# tf.keras: a cell in the names, unicode, a layer whose name has a slash, lists cut in pieces of two.
with write("tf_keras.h5") as f:
    cell = "bidirectional/forward_lstm/lstm_cell_1"
    both = triple(cell, 2, 2, 4) + triple("bidirectional/backward_lstm/lstm_cell_2", 2, 2, 4)
    layers = [("input_1", []), ("bidirectional", both), ("block/dense", [("block/dense/kernel:0", numbers(4, 2))])]
    f.attrs["keras_version"] = "2.11.0"
    f.attrs["model_config"] = config([("Bidirectional", "bidirectional", {})], "Functional")
    legacy(f.create_group("model_weights"), layers, split=2)
    say_layers("tf_keras.h5", layers)

# Weights alone, from the GPU layers: biases twice as long.
with write("cudnn_weights.h5") as f:
    layers = [
        ("cu_dnnlstm_1", triple("cu_dnnlstm_1", 3, 2, 4, 2)),
        ("bidirectional_1", triple("f", 2, 3, 3, 2) + triple("b", 2, 3, 3, 2)),
        ("dense_1", [("dense_1/kernel:0", numbers(6, 2)), ("dense_1/bias:0", numbers(2))]),
    ]
    f.attrs["keras_version"] = "2.2.4"
    legacy(f, layers, vlen=True)

    def gates(matrix, transform, count):
        return np.hstack([transform(gate) for gate in np.hsplit(matrix, count)])

    def converted(weights, count):
        kernel, recurrent, bias = [value for _, value in weights]
        kernel = gates(kernel, lambda k: k.T.reshape(k.shape, order="F"), count)
        recurrent = gates(recurrent, lambda k: k.T, count)
        return [kernel, recurrent, sum(np.split(bias, 2)) if count == 4 else bias.reshape(2, -1)]

    say("cudnn_weights.h5", "cu_dnnlstm_1", converted(layers[0][1], 4))
    both = layers[1][1]
    say("cudnn_weights.h5", "bidirectional_1", converted(both[:3], 3) + converted(both[3:], 3))
    say("cudnn_weights.h5", "dense_1", [value for _, value in layers[2][1]])

with write("no_weights.h5") as f:
    f.create_group("something")
with write("missing.h5") as f:
    f.attrs["layer_names"] = np.array(["dense"], dtype="S8")
    f.create_group("dense").attrs["weight_names"] = np.array(["dense/kernel:0"], dtype="S20")

(HERE / "expected.json").write_text(json.dumps(expected))

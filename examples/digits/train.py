"""Trains an LSTM that reads handwritten digits row by row, and writes what the demo ships.

Data: scikit-learn's copy of the test set of "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak,
1998, UCI, doi 10.24432/C50P49, CC BY 4.0): 1,797 images of 8 x 8 pixels, 0 to 16.
Usage: python examples/digits/train.py [folder]. Writes digits_lstm.keras, held_out.json and keras_outputs.json.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED, HELD_OUT, EPOCHS, BATCH, UNITS = 7, 360, 80, 64, 48
REQUIRED_ACCURACY = 0.97
PIXELS = "0123456789abcdefg"


def digits():
    """(images, labels) to train on and to hold out; each digit has its share in both."""
    data = load_digits()
    return train_test_split(
        data.images.astype("float32"), data.target, test_size=HELD_OUT, stratify=data.target, random_state=SEED
    )


def with_shifted(images, labels):
    """The images and each of them moved by one pixel up, down, left and right."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    moves = ((1, 1), (0, 1), (2, 1), (1, 0), (1, 2))
    return np.concatenate([padded[:, y : y + 8, x : x + 8] for y, x in moves]), np.tile(labels, len(moves))


def network(dropout=0.0):
    """Pixels 0..16 in rows of 8, one row a timestep; `dropout` is for training only."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 8), name="rows"),
            layers.Rescaling(1 / 16, name="to_unit_range"),
            layers.LSTM(UNITS, dropout=dropout, name="reader"),
            layers.Dense(10, activation="softmax", name="digit"),
        ],
        name="digits_lstm",
    )


def train(images, labels):
    """The weights after a fixed number of epochs; the held-out images choose nothing."""
    images, labels = with_shifted(images, labels)
    model = network(dropout=0.1)
    steps = EPOCHS * -(-len(images) // BATCH)
    schedule = keras.optimizers.schedules.CosineDecay(4e-3, steps)
    model.compile(keras.optimizers.Adam(schedule), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(images, labels, batch_size=BATCH, epochs=EPOCHS, verbose=2)
    trained = network()
    trained.set_weights(model.get_weights())
    return trained


def write(path, content):
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes, sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}")


def shortest(values):
    """float32 numbers in the fewest digits that give the same float32."""
    return [float(np.format_float_scientific(value, unique=True)) for value in values.reshape(-1)]


def main():
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(SEED)
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    images, held_out, labels, answers = digits()
    model = train(images, labels)
    outputs = model.predict(held_out, batch_size=len(held_out), verbose=0)
    accuracy = float((outputs.argmax(axis=1) == answers).mean())
    print(f"accuracy on {len(answers)} held-out images: {accuracy:.4f}")
    if accuracy < REQUIRED_ACCURACY:
        raise SystemExit(f"accuracy: expected at least {REQUIRED_ACCURACY}, got {accuracy:.4f}")
    model.save(folder / "digits_lstm.keras")
    pixels = ["".join(PIXELS[int(p)] for p in image.reshape(-1)) for image in held_out]
    licence = "E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, 1998, doi 10.24432/C50P49, CC BY 4.0"
    write(
        folder / "held_out.json",
        {"source": licence, "shape": [len(answers), 8, 8], "labels": answers.tolist(), "pixels": pixels},
    )
    origin = f"keras {keras.__version__}, tensorflow {tf.__version__}"
    write(
        folder / "keras_outputs.json",
        {"origin": origin, "accuracy": accuracy, "shape": list(outputs.shape), "data": shortest(outputs)},
    )


if __name__ == "__main__":
    main()

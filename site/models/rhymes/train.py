"""Trains a GRU that writes nursery rhymes, one character at a time, and writes what the playground ships.

Text: rhymes.txt, traditional English nursery rhymes printed before 1900, in the public domain.
Usage: python site/models/rhymes/train.py [folder]. Writes rhymes_gru.keras and vocabulary.json.
"""

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

SEED, UNITS, EMBEDDING, LENGTH, BATCH, STEPS = 11, 112, 16, 80, 32, 2200
# Above this (nats a character, on the text itself) the model does not rhyme yet.
REQUIRED_LOSS = 0.35


def network(characters, dropout=0.0):
    """Ids of characters, one a timestep, to the logits of the next; `dropout` is for training only."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32", name="characters"),
            layers.Embedding(characters, EMBEDDING, name="letters"),
            layers.GRU(UNITS, return_sequences=True, dropout=dropout, name="writer"),
            layers.Dense(characters, name="next"),
        ],
        name="rhymes_gru",
    )


def train(ids, characters):
    """The weights after a fixed number of steps on windows at random places; the text goes round."""
    random = np.random.default_rng(SEED)
    model = network(characters, dropout=0.1)
    schedule = keras.optimizers.schedules.CosineDecay(6e-3, STEPS)
    optimizer = keras.optimizers.Adam(schedule, clipnorm=1.0)
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for step in range(1, STEPS + 1):
        starts = random.integers(0, len(ids), BATCH)
        windows = ids[(starts[:, None] + np.arange(LENGTH + 1)) % len(ids)]
        loss = model.train_on_batch(windows[:, :-1], windows[:, 1:])
        if step % 200 == 0:
            print(f"step {step}: mean loss so far {float(loss):.3f}", flush=True)
    trained = network(characters)
    trained.set_weights(model.get_weights())
    return trained


def loss_on(model, ids):
    """Nats a character when the model reads the whole text at once."""
    logits = model.predict(ids[None, :-1], verbose=0)[0]
    return float(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(ids[1:], logits)))


def main():
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(SEED)
    here = Path(__file__).parent
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here
    text = (here / "rhymes.txt").read_text() + "\n"
    vocabulary = "".join(sorted(set(text)))
    ids = np.array([vocabulary.index(character) for character in text], dtype="int32")
    model = train(ids, len(vocabulary))
    loss = loss_on(model, ids)
    print(f"{len(ids)} characters, {len(vocabulary)} different, {model.count_params()} parameters, loss {loss:.3f}")
    if loss > REQUIRED_LOSS:
        raise SystemExit(f"loss: expected at most {REQUIRED_LOSS}, got {loss:.3f}")
    model.save(folder / "rhymes_gru.keras")
    (folder / "vocabulary.json").write_text(json.dumps({"characters": vocabulary}) + "\n")


if __name__ == "__main__":
    main()

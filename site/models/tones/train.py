"""Trains a GRU that hears the keys of a telephone (DTMF), and writes what the playground ships.

Sounds: synthesised here, seeded; nothing was recorded. A key sounds two sines at once, one of its row and one of its
column (ITU-T Q.23). Around and under them: noise of several colours, hum, whistles, voices made of harmonics, silence.
Usage: python site/models/tones/train.py [folder]. Writes tones_gru.keras.
"""

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

SEED, RATE, FRAME, TIMESTEPS, BATCH, STEPS, UNITS = 5, 16000, 256, 40, 24, 1500, 32
ROWS, COLUMNS, KEYS = (697, 770, 852, 941), (1209, 1336, 1477, 1633), "123A456B789C*0#D"
NOTHING = len(KEYS)
REQUIRED_ACCURACY = 0.97


def filters(shape, dtype=None):
    """The first layer begins with windowed sines and cosines: at the keys' frequencies, their octaves, and between."""
    octaves = [2 * f for f in ROWS + COLUMNS]
    between = [150, 250, 350, 450, 550, 620, 735, 810, 895, 1030, 1120, 1270, 1405, 1550, 1750, 1950]
    frequencies = np.array([*ROWS, *COLUMNS, *octaves, *between])[None, :]
    angle = 2 * np.pi * frequencies * np.arange(FRAME)[:, None] / RATE
    window = np.hanning(FRAME)[:, None] * 4 / FRAME
    return tf.constant(np.concatenate([np.sin(angle), np.cos(angle)], axis=1) * window, dtype="float32")


def network():
    """Frames of 16 ms, as they come from the microphone, to the probabilities of 16 keys and of none."""
    layers = keras.layers
    sound = keras.Input((None, FRAME), name="sound")
    level = layers.LayerNormalization(epsilon=1e-5, center=False, scale=False, name="same_level")(sound)
    waves = layers.Dense(64, use_bias=False, kernel_initializer=filters, name="filters")(level)
    power = layers.Multiply(name="power")([waves, waves])
    bands = layers.Dense(32, activation="relu", name="bands")(power)
    listener = layers.GRU(UNITS, return_sequences=True, name="listener")(bands)
    return keras.Model(sound, layers.Dense(NOTHING + 1, activation="softmax", name="key")(listener), name="tones_gru")


def noise(random, count, colour):
    """White noise, or noise whose spectrum falls by `colour` (1 pink, 2 brown), of unit size."""
    spectrum = np.fft.rfft(random.standard_normal(count)) / np.maximum(1, np.arange(count // 2 + 1)) ** (colour / 2)
    sound = np.fft.irfft(spectrum, count)
    return sound / (np.std(sound) + 1e-9)


def voice(random, count):
    """Harmonics of a gliding tone under a moving emphasis: vowels, hum and whistles, of unit size."""
    time = np.arange(count) / RATE
    pitch = random.uniform(80, 900) * (1 + 0.1 * np.sin(2 * np.pi * random.uniform(0.5, 6) * time))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    harmonics = random.integers(1, 14)
    falls = random.uniform(0.3, 2)
    sound = sum(np.sin(k * phase + random.uniform(0, 7)) / k**falls for k in range(1, harmonics + 1))
    return sound / (np.std(sound) + 1e-9)


def whistle(random, count):
    """One or two steady sines anywhere, not a key: what a single frequency must not be taken for."""
    time = np.arange(count) / RATE
    return np.sin(2 * np.pi * random.uniform(300, 2500) * time) + random.integers(0, 2) * 0.5 * np.sin(
        2 * np.pi * random.choice(ROWS + COLUMNS) * time
    )


def scene(random):
    """One sequence: (sound [timesteps, frame], key of each frame)."""
    count = TIMESTEPS * FRAME
    sound = 10 ** random.uniform(-4, -1.6) * noise(random, count, random.choice([0, 1, 2]))
    labels = np.full(count, NOTHING)
    at = random.integers(0, 3000)
    while at < count - 1200:
        length = min(random.integers(1100, 5000), count - at)
        level = 10 ** random.uniform(-2, -0.3)
        kind = random.random()
        if kind < 0.6:
            key = random.integers(0, len(KEYS))
            time = np.arange(length) / RATE
            off = 1 + random.uniform(-0.012, 0.012)
            low = np.sin(2 * np.pi * off * ROWS[key // 4] * time + random.uniform(0, 7))
            high = np.sin(2 * np.pi * off * COLUMNS[key % 4] * time + random.uniform(0, 7))
            twist = 10 ** random.uniform(-0.3, 0.3)
            sound[at : at + length] += level * (low + twist * high) / (1 + twist)
            labels[at : at + length] = key
        elif kind < 0.9:
            sound[at : at + length] += level * (voice if random.random() < 0.7 else whistle)(random, length)
        at += length + random.integers(700, 3000)
    frames = labels.reshape(TIMESTEPS, FRAME)
    # A frame is of the key that fills three quarters of it; the rest of the ear's delay is for the GRU to learn.
    names = [int(f[0]) if np.mean(f == f[0]) > 0.75 else NOTHING for f in frames]
    return sound.reshape(TIMESTEPS, FRAME).astype("float32"), np.array(names)


def scenes(random, count):
    sounds, names = zip(*(scene(random) for _ in range(count)))
    return np.stack(sounds), np.stack(names)


def train():
    random = np.random.default_rng(SEED)
    model = network()
    schedule = keras.optimizers.schedules.CosineDecay(3e-3, STEPS)
    optimizer = keras.optimizers.Adam(schedule, clipnorm=1.0)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    for step in range(1, STEPS + 1):
        loss, accuracy = model.train_on_batch(*scenes(random, BATCH))
        if step % 100 == 0:
            print(f"step {step}: mean loss {float(loss):.3f}, accuracy {float(accuracy):.3f}", flush=True)
            model.reset_metrics()
    return model


def main():
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(SEED)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    model = train()
    sounds, names = scenes(np.random.default_rng(SEED + 1), 200)
    accuracy = float((model.predict(sounds, verbose=0).argmax(axis=-1) == names).mean())
    print(f"{model.count_params()} parameters, accuracy on frames of 200 scenes never seen: {accuracy:.4f}")
    if accuracy < REQUIRED_ACCURACY:
        raise SystemExit(f"accuracy: expected at least {REQUIRED_ACCURACY}, got {accuracy:.4f}")
    # Saved without the initializer of ours, which only training needs.
    untrained = keras.Model.from_config(without_functions(model.get_config()))
    untrained.set_weights(model.get_weights())
    untrained.save(folder / "tones_gru.keras")


def without_functions(config):
    """The configuration with Keras' own initializers alone."""
    for layer in config["layers"]:
        if layer["config"]["name"] == "filters":
            layer["config"]["kernel_initializer"] = "glorot_uniform"
    return config


if __name__ == "__main__":
    main()

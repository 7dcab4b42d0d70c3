"""Scores windows of ids, one a line, by Keras on TensorFlow, and compares with what `recurra predict` wrote.

Usage: python windows.py MODEL.keras windows.jsonl guesses.npy
"""

import json
import sys
import time

import keras
import numpy as np

model_file, lines, guesses = sys.argv[1:]
model = keras.saving.load_model(model_file, compile=False)
windows = np.array([json.loads(line) for line in open(lines)], np.int32)
model.predict(windows[:2048], batch_size=1024, verbose=0)  # traces the graph
start = time.perf_counter()
y = model.predict(windows, batch_size=1024, verbose=0)
seconds = time.perf_counter() - start
rate = f"{len(windows) / seconds:.0f} a second"
print(f"Keras {keras.__version__} on TensorFlow: {len(windows)} windows in {seconds:.1f} s, {rate}")
print(f"largest difference from recurra {np.abs(y - np.load(guesses)).max():.1e}")

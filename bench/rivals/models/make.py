"""
Makes what the contestants load, in build/rivals/models: for every workload its weights, input and outputs in float64
(NAME.json, NAME.bin), an ONNX file and .tflite files. Everything is seeded. Files newer than these scripts stay.

Usage: python bench/rivals/models/make.py [WORKLOAD…]; needs numpy, and onnx, tensorflow and keras for their files.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import reference

ROOT = Path(__file__).parents[3]
OUT = ROOT / "build/rivals/models"
UNROLLED = {"L32", "L64", "G64", "R64", "BI32"}
"""Where a graph without a loop may be the faster one."""


def pack(workload, x, weights):
    """All arrays one after another, and where each lies (in elements of four bytes)."""
    arrays = [("input", x), *((f"layer {k}", w) for k, own in enumerate(weights) for w in own)]
    arrays.append(("expected", reference.expected(workload, x, weights).astype(np.float32)))
    if workload["layers"][0]["kind"] == "GRU":
        without_reset_after = reference.expected(workload, x, weights, reset_after=False)
        arrays.append(("expected reset_before", without_reset_after.astype(np.float32)))
    described, offset = [], 0
    for name, array in arrays:
        described.append({"name": name, "shape": list(array.shape), "offset": offset})
        offset += array.size
    return described, b"".join(np.ascontiguousarray(array).tobytes() for _, array in arrays)


def make(name, workload):
    x, weights = reference.seeded(workload)
    arrays, data = pack(workload, x, weights)
    (OUT / f"{name}.bin").write_bytes(data)
    described = {"name": name, **workload, "streamSteps": reference.STREAM_STEPS, "arrays": arrays}
    (OUT / f"{name}.json").write_text(json.dumps(described))
    try:
        from onnx_model import onnx_model

        (OUT / f"{name}.onnx").write_bytes(onnx_model(workload, weights))
    except ImportError as reason:
        print(f"{name}: no ONNX file, because {reason}")
    try:
        from tflite_model import tflite_models

        for variant, converted in tflite_models(workload, weights, name in UNROLLED):
            (OUT / f"{name}.{variant}.tflite").write_bytes(converted)
    except ImportError as reason:
        print(f"{name}: no .tflite file, because {reason}")


def fresh(name):
    made = OUT / f"{name}.bin"
    sources = [ROOT / "bench/workloads.json", *Path(__file__).parent.glob("*.py")]
    newest = max(source.stat().st_mtime for source in sources)
    return made.exists() and made.stat().st_mtime > newest and len(list(OUT.glob(f"{name}.*"))) > 3


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    OUT.mkdir(parents=True, exist_ok=True)
    workloads = json.loads((ROOT / "bench/workloads.json").read_text())
    for wanted in sys.argv[1:] or workloads:
        if not fresh(wanted):
            start = time.time()
            make(wanted, workloads[wanted])
            print(f"{wanted}: made in {time.time() - start:.1f} s")

"""
A contestant in a process of its own: python answer.py NAME; orders and answers are lines of JSON.

NAME is a file beside this one with `load(workload)`, which gives (run, reset, note): `run()` makes an output array of
the input array, `reset()` returns a stream to zero states.
"""

import importlib
import json
import os
import resource
import sys
import time
import traceback
from pathlib import Path

MODELS = Path(__file__).parents[3] / "build/rivals/models"
for library in ("OMP", "MKL", "OPENBLAS"):
    os.environ[f"{library}_NUM_THREADS"] = "1"
os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
SAMPLE = 2e-3
"""Seconds that what is timed at once takes at least."""


class Workload(dict):
    """What make.py wrote: fields of bench/workloads.json, `x`, `expected`, and each layer's `weights`."""

    def __init__(self, name):
        import numpy as np

        super().__init__(json.loads((MODELS / f"{name}.json").read_text()))
        data = (MODELS / f"{name}.bin").read_bytes()
        for layer in self["layers"]:
            layer["weights"] = []
        for array in self["arrays"]:
            kind = np.int32 if array["name"] == "input" and "vocabulary" in self else np.float32
            size = int(np.prod(array["shape"]))
            values = np.frombuffer(data, kind, size, 4 * array["offset"]).reshape(array["shape"]).copy()
            if array["name"].startswith("layer "):
                self["layers"][int(array["name"][6:])]["weights"].append(values)
            else:
                self[{"input": "x"}.get(array["name"], array["name"])] = values


class Timed:
    def __init__(self, workload, run, reset):
        self.workload, self.run, self.reset = workload, run, reset or (lambda: None)

    def check(self):
        import numpy as np

        self.reset()
        for _ in range(self.workload["streamSteps"] if self.workload.get("stream") else 1):
            start = time.perf_counter()
            y = self.run()
            seconds = time.perf_counter() - start
        difference = float(np.abs(np.asarray(y).ravel() - self.workload["expected"].ravel()).max())
        return {"difference": difference if difference == difference else None, "seconds": seconds}

    def calls(self, count):
        run = self.run
        start = time.perf_counter()
        for _ in range(count):
            run()
        return time.perf_counter() - start

    def time(self, seconds):
        count, taken = 1, self.calls(1)
        while taken < SAMPLE:
            count = max(2 * count, int(count * SAMPLE / max(taken, 1e-6)) + 1)
            taken = self.calls(count)
        samples, end = [], time.perf_counter() + seconds
        while len(samples) < 3 or time.perf_counter() < end:
            samples.append(self.calls(count) / count)
        samples.sort()
        middle = len(samples) // 2
        return samples[middle] if len(samples) % 2 else (samples[middle - 1] + samples[middle]) / 2


class Answers:
    def load(self, order):
        workload = Workload(order["workload"])
        run, reset, note = importlib.import_module(sys.argv[1]).load(workload)
        self.timed = Timed(workload, run, reset)
        return {"info": note}

    def check(self, _):
        return self.timed.check()

    def time(self, order):
        return {"seconds": self.timed.time(order["seconds"])}

    def memory(self, _):
        return {"bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


if __name__ == "__main__":
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    answers = Answers()
    for line in sys.stdin:
        given = json.loads(line)
        try:
            answer = getattr(answers, given["order"])(given)
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=out, flush=True)

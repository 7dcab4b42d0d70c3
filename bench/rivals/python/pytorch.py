"""PyTorch's own recurrent modules in inference mode, one thread."""

import numpy as np

ORDER = {"LSTM": (0, 1, 2, 3), "GRU": (1, 0, 2), "SimpleRNN": (0,)}
"""Gates of PyTorch by their place in Keras: r z n of z r h."""


def load(workload):
    import torch

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    net = network(torch, workload)
    x, note = workload["x"], f"PyTorch {torch.__version__}"
    if not workload.get("stream"):

        def run():
            with torch.inference_mode():
                return net(torch.from_numpy(x)).numpy()

        return run, None, note
    layer = workload["layers"][0]
    module = net[0].module
    state = []

    def reset():
        zeros = torch.zeros(1, 1, layer["units"])
        state[:] = [(zeros, zeros) if layer["kind"] == "LSTM" else zeros]

    def step():
        with torch.inference_mode():
            y, state[0] = module(torch.from_numpy(x), state[0])
            return y.numpy()

    reset()
    return step, reset, note


def network(torch, workload):
    width, parts = workload.get("features"), []
    for layer in workload["layers"]:
        if layer["kind"] == "Embedding":
            parts.append(torch.nn.Embedding.from_pretrained(torch.from_numpy(layer["weights"][0])))
        elif layer["kind"] == "Dense":
            linear = torch.nn.Linear(width, layer["units"])
            linear.weight.data = torch.from_numpy(np.ascontiguousarray(layer["weights"][0].T))
            linear.bias.data = torch.from_numpy(layer["weights"][1])
            parts += [linear, torch.nn.Softmax(dim=-1)]
        else:
            parts.append(recurrent(torch, layer, width))
        width = layer["units"] * (2 if layer.get("bidirectional") else 1)
    return torch.nn.Sequential(*parts).eval()


def recurrent(torch, layer, width):
    kind, units = layer["kind"], layer["units"]
    both = bool(layer.get("bidirectional"))
    make = {"LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU, "SimpleRNN": torch.nn.RNN}[kind]
    module = make(width, units, batch_first=True, bidirectional=both)

    def ordered(array):
        gates = np.split(array, len(ORDER[kind]), axis=-1)
        return torch.from_numpy(np.ascontiguousarray(np.concatenate([gates[k] for k in ORDER[kind]], axis=-1).T))

    for direction, suffix in enumerate(("l0", "l0_reverse")[: 2 if both else 1]):
        kernel, own, bias = layer["weights"][3 * direction : 3 * direction + 3]
        first, second = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))
        named = {"weight_ih": kernel, "weight_hh": own, "bias_ih": first, "bias_hh": second}
        for name, value in named.items():
            getattr(module, f"{name}_{suffix}").data = ordered(value)

    class Outputs(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.module = module

        def forward(self, x):
            y, state = self.module(x)
            if layer.get("sequences"):
                return y
            last = state[0] if kind == "LSTM" else state
            return torch.cat(list(last), dim=-1)

    return Outputs()

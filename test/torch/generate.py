"""Writes the state dicts of the tests and what PyTorch itself answers.

    pip install -r test/torch/requirements.txt && python test/torch/generate.py

`expected.json` has for every case its file, the modules to tell (null: none), input and output. Weights are
PyTorch's own initial ones under a fixed seed, with statistics of a batch norm that are not 0 and 1.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

FOLDER = Path(__file__).parent / "files"
CASES = {}


def plain(t):
    return {"shape": list(t.shape), "data": [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]}


def case(name, modules, module, x, forward=None):
    """`forward` where it is not the module's own; what comes first of several results counts."""
    module.eval()
    with torch.no_grad():
        y = (forward or module)(x)
    y = y[0] if isinstance(y, tuple) else y
    file = "linear" if isinstance(module, nn.Linear) else name
    save_file(module.state_dict(), FOLDER / f"{file}.safetensors")
    dtype = "int32" if x.dtype == torch.int64 else "float32"
    CASES[name] = {"file": file, "torch": modules, "dtype": dtype, "input": plain(x), "output": plain(y)}


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(11, 6, padding_idx=0)
        self.rnn = nn.LSTM(6, 5, num_layers=2, bidirectional=True, batch_first=True, dropout=0.2)
        self.norm = nn.LayerNorm(10)
        self.drop = nn.Dropout(0.3)
        self.head = nn.Linear(10, 4)

    def forward(self, x):
        return torch.log_softmax(self.head(self.drop(self.norm(self.rnn(self.emb(x))[0]))), dim=-1)


class Classifier(nn.Module):
    """Two ways to take what a bidirectional network has read."""

    def __init__(self, hidden):
        super().__init__()
        self.hidden = hidden
        self.encoder = nn.GRU(3, 7, bidirectional=True, batch_first=True, bias=False)
        self.fc1 = nn.Linear(14, 5)
        self.fc2 = nn.Linear(5, 2, bias=False)

    def forward(self, x):
        y, h = self.encoder(x)
        last = torch.cat([h[-2], h[-1]], dim=-1) if self.hidden else y[:, -1]
        return self.fc2(torch.relu(self.fc1(last)))


class ConvNet(nn.Module):
    """Convolutions see [batch, channels, timesteps]."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(4, 6, 3, stride=2, padding=1)
        self.bn = nn.BatchNorm1d(6, eps=1e-3)
        self.conv2 = nn.Conv1d(6, 8, 2, dilation=2, groups=2, bias=False, padding="same")
        self.rnn = nn.RNN(8, 5, nonlinearity="relu", batch_first=True)
        self.head = nn.Sequential(nn.Linear(5, 3), nn.LeakyReLU(), nn.BatchNorm1d(3, affine=False), nn.Sigmoid())
        for bn in (self.bn, self.head[2]):
            nn.init.normal_(bn.running_mean)
            nn.init.uniform_(bn.running_var, 0.5, 2)

    def forward(self, x):
        y = nn.functional.gelu(self.bn(self.conv1(x.transpose(1, 2))))
        y = torch.tanh(self.conv2(y)).transpose(1, 2)
        return self.head(self.rnn(y)[0][:, -1])


class Cells(nn.Module):
    """A loop over timesteps, written by hand."""

    def __init__(self):
        super().__init__()
        self.first = nn.LSTMCell(3, 4)
        self.second = nn.GRUCell(4, 5)
        self.third = nn.RNNCell(5, 6)
        self.out = nn.Linear(6, 2)

    def forward(self, x):
        h1, c1, h2, h3 = (torch.zeros(x.shape[0], n) for n in (4, 4, 5, 6))
        outputs = []
        for t in range(x.shape[1]):
            h1, c1 = self.first(x[:, t], (h1, c1))
            h2 = self.second(h1, h2)
            h3 = self.third(h2, h3)
            outputs.append(self.out(h3))
        return torch.stack(outputs, dim=1)


ACTIVATIONS = (
    "CELU ELU GELU Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish ReLU ReLU6 SELU Sigmoid SiLU "
    "Softmax Softplus Softsign Tanh Tanhshrink"
).split()


def main():
    torch.manual_seed(20)
    FOLDER.mkdir(exist_ok=True)
    ids = torch.randint(0, 11, (3, 7))
    modules = [
        {"type": "embedding", "name": "emb"},
        {"type": "lstm", "name": "rnn", "numLayers": 2, "bidirectional": True},
        {"type": "layernorm", "name": "norm"},
        {"type": "dropout"},
        {"type": "linear", "name": "head"},
        {"type": "logsoftmax"},
    ]
    case("tagger", modules, Tagger(), ids)
    for name, output in (("classifier_hidden", "hidden"), ("classifier_last", "last")):
        modules = [
            {"type": "gru", "output": output},
            {"type": "linear", "name": "fc1", "activation": "relu"},
            {"type": "linear", "name": "fc2"},
        ]
        case(name, modules, Classifier(output == "hidden"), torch.randn(2, 6, 3))
    modules = [
        {"type": "conv1d", "name": "conv1", "stride": 2, "padding": 1},
        {"type": "batchnorm1d", "name": "bn", "eps": 1e-3},
        {"type": "gelu"},
        {"type": "conv1d", "name": "conv2", "dilation": 2, "groups": 2, "padding": "same", "activation": "tanh"},
        {"type": "rnn", "nonlinearity": "relu", "output": "last"},
        {"type": "linear", "activation": "leakyrelu"},
        {"type": "batchnorm1d"},
        {"type": "sigmoid"},
    ]
    case("convolutions", modules, ConvNet(), torch.randn(2, 11, 4))
    modules = [{"type": kind} for kind in ("lstmcell", "grucell", "rnncell", "linear")]
    case("cells", modules, Cells(), torch.randn(2, 5, 3))
    case("one_module", None, nn.GRU(3, 9, num_layers=2, batch_first=True), torch.randn(2, 4, 3))
    both = nn.ModuleDict({"rnn": nn.LSTM(3, 5, batch_first=True), "fc": nn.Linear(5, 2)})
    case("two_modules", None, both, torch.randn(2, 4, 3), lambda x: both["fc"](both["rnn"](x)[0]))
    half = nn.LSTM(3, 5, batch_first=True).to(torch.bfloat16)
    whole = nn.LSTM(3, 5, batch_first=True)
    whole.load_state_dict({key: value.float() for key, value in half.state_dict().items()})
    x = torch.randn(2, 4, 3)
    case("bfloat16", None, half, x, lambda x: whole(x)[0])
    linear = nn.Linear(2, 5)
    nn.init.normal_(linear.weight, std=4)
    x = torch.randn(3, 2)
    for name in ACTIVATIONS:
        act = getattr(nn, name)(**({"dim": -1} if "Softmax" in name else {}))
        case(name.lower(), [{"type": "linear"}, {"type": name.lower()}], linear, x, lambda x, act=act: act(linear(x)))
    two = [{"type": "linear"}, {"type": "elu", "alpha": 0.3}, {"type": "leakyrelu", "negativeSlope": 0.2}]
    slopes = nn.Sequential(nn.ELU(0.3), nn.LeakyReLU(0.2))
    case("slopes", two, linear, x, lambda x: slopes(linear(x)))
    case("projected", None, nn.LSTM(3, 5, proj_size=2, batch_first=True), torch.randn(1, 2, 3))
    expected = {"torch": torch.__version__, "cases": CASES}
    (FOLDER / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


main()

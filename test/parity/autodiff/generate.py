"""Writes what PyTorch's autograd says of each operator: `python test/parity/autodiff/generate.py`.

Made with Python 3.11 and the versions in ../training/generate/requirements.txt. The same versions give the same file,
byte for byte. The arithmetic is in float64. Each case's loss is the sum of its output, weighted by random numbers, so
that no symmetry hides a mistake.
"""

import json
from pathlib import Path

import torch
from torch.nn import functional as F

OUTPUT = Path(__file__).parent / "fixtures" / "gradients.json"


def attention(q, k, v):
    """Two sequences of 3 and 2 tokens, two heads of size 2, one row after another: [5, 4] each."""
    parts = []
    for start, end in [(0, 3), (3, 5)]:
        a, b, c = (x[start:end].view(end - start, 2, 2).transpose(0, 1) for x in (q, k, v))
        parts.append(F.scaled_dot_product_attention(a, b, c, is_causal=True, scale=0.5).transpose(0, 1).reshape(-1, 4))
    return torch.cat(parts)


def attention_of_some(q, k, v):
    """The same with queries of the first sequence's last token and of both of the second: q [3, 4]."""
    full = torch.zeros(5, 4, dtype=q.dtype).index_put((torch.tensor([2, 3, 4]),), q)
    return attention(full, k, v)[[2, 3, 4]]


IDS = torch.tensor([1, 3, 1])
TARGETS = torch.tensor([2, 0, 4])

# Name: the function, and the shapes of what it takes. `positive` inputs are far from 0 and from negative.
CASES = {
    "Add": (lambda a, b: a + b, [[2, 3, 4], [4]]),
    "Sub": (lambda a, b: a - b, [[2, 1, 4], [3, 1]]),
    "Mul": (lambda a, b: a * b, [[3, 4], [3, 1]]),
    "Mul by a scalar": (lambda a, b: a * b, [[3, 4], []]),
    "Mul by itself": (lambda a: a * a, [[3, 4]]),
    "Div": (lambda a, b: a / b, [[3, 4], [4]], "positive"),
    "Neg": (lambda x: -x, [[5]]),
    "Exp": (torch.exp, [[5]]),
    "Log": (torch.log, [[5]], "positive"),
    "Tanh": (torch.tanh, [[9]]),
    "Sigmoid": (torch.sigmoid, [[9]]),
    "Erf": (torch.erf, [[9]]),
    "Relu": (torch.relu, [[9]]),
    "Gelu": (F.gelu, [[30]]),
    "FastGelu": (lambda x: F.gelu(x, approximate="tanh"), [[30]]),
    "Gemm": (lambda x, w, b: x @ w + b, [[3, 4], [4, 5], [5]]),
    "Gemm, left transposed": (lambda a, b: a.T @ b, [[4, 3], [4, 5]]),
    "Gemm, right transposed": (lambda a, b: a @ b.T, [[3, 4], [5, 4]]),
    "Gemm, both transposed": (lambda a, b: a.T @ b.T, [[4, 3], [5, 4]]),
    "FusedMatMul": (lambda a, b: 0.5 * a @ b, [[2, 3, 4], [2, 4, 5]]),
    "FusedMatMul, left transposed": (lambda a, b: a.mT @ b, [[2, 4, 3], [2, 4, 5]]),
    "FusedMatMul, right transposed": (lambda a, b: 2 * a @ b.mT, [[2, 2, 3, 4], [2, 2, 5, 4]]),
    "FusedMatMul, both transposed": (lambda a, b: a.mT @ b.mT, [[2, 4, 3], [2, 5, 4]]),
    "FusedMatMul, rows first": (
        lambda a, b: a.permute(1, 2, 0, 3) @ b.permute(1, 2, 3, 0),
        [[3, 2, 2, 4], [5, 2, 2, 4]],
    ),
    "Reshape": (lambda x: x.reshape(6, 4), [[2, 3, 4]]),
    "Transpose": (lambda x: x.permute(2, 0, 1), [[2, 3, 4]]),
    "Expand": (lambda x: x.expand(2, 3, 4), [[3, 1]]),
    "Split": (lambda x: x.split([2, 3], 1)[1] * x.split([2, 3], 1)[0][:, :1], [[3, 5]]),
    "Concat": (lambda a, b: torch.cat([a, b], 1), [[3, 2], [3, 4]]),
    "ReduceSum": (lambda x: x.sum(1, keepdim=True), [[2, 3, 4]]),
    "Softmax": (lambda x: x.softmax(-1), [[3, 5]]),
    "LayerNormalization": (lambda x, w, b: F.layer_norm(x, [6], w, b, 1e-5), [[4, 6], [6], [6]]),
    "Gather": (lambda table: table[IDS], [[5, 4]]),
    "Gather of what was computed": (lambda x: torch.tanh(x)[torch.tensor([3, 0])], [[5, 4]]),
    "crossEntropy": (lambda x: F.cross_entropy(x, TARGETS, reduction="none")[:, None], [[3, 5]]),
    "headCrossEntropy": (
        lambda h, w: F.cross_entropy(h @ w.T, TARGETS, reduction="none")[:, None],
        [[3, 4], [5, 4]],
    ),
    "attention": (attention, [[5, 4], [5, 4], [5, 4]]),
    "attention of some rows": (attention_of_some, [[3, 4], [5, 4], [5, 4]]),
    "adapter": (lambda x, w, b, a, c: x @ w + b + 2 * (x @ a.T) @ c.T, [[3, 4], [4, 5], [5], [2, 4], [5, 2]]),
    "Softplus": (F.softplus, [[9]]),
}


def main() -> None:
    generator = torch.Generator().manual_seed(17)
    cases = [case(name, generator, *definition) for name, definition in CASES.items()]
    OUTPUT.write_text("[\n" + ",\n".join(json.dumps(each) for each in cases) + "\n]\n", encoding="utf-8")


def case(name: str, generator: torch.Generator, function, shapes: list[list[int]], kind: str = "any") -> dict:
    inputs = [single(torch.randn(shape, generator=generator, dtype=torch.float64)) for shape in shapes]
    if kind == "positive":
        inputs = [single(x.abs() + 0.5) for x in inputs]
    inputs = [x.requires_grad_() for x in inputs]
    output = function(*inputs)
    weights = single(torch.randn(output.shape, generator=generator, dtype=torch.float64))
    gradients = torch.autograd.grad((output * weights).sum(), inputs)
    return {
        "name": name,
        "inputs": [described(x.detach()) for x in inputs],
        "weights": described(weights),
        "output": described(output.detach()),
        "gradients": [described(x) for x in gradients],
    }


def single(x: torch.Tensor) -> torch.Tensor:
    """Numbers that float32 can hold, so that what is computed from them is all that differs."""
    return x.float().double()


def described(x: torch.Tensor) -> dict:
    return {"shape": list(x.shape), "values": [float(f"{value:.9g}") for value in x.flatten().tolist()]}


if __name__ == "__main__":
    main()

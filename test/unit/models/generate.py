"""Writes fixtures/ with the reference implementations: safetensors, torch. Run: python generate.py"""

from pathlib import Path

import torch
from safetensors.torch import save_file

FIXTURES = Path(__file__).parent / "fixtures"


def halves() -> None:
    """Every 13th bit pattern of a 16-bit float, and the edges, beside what torch widens them to."""
    edges = [0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x0400, 0x3C00, 0x7BFF, 0x7C00, 0xFC00, 0x7E00]
    patterns = torch.tensor(edges + list(range(0, 0x10000, 13)), dtype=torch.int32).to(torch.int16)
    f16, bf16 = patterns.view(torch.float16), patterns.view(torch.bfloat16)
    tensors = {"f16": f16, "f16.widened": f16.float(), "bf16": bf16, "bf16.widened": bf16.float()}
    save_file({name: tensor.clone() for name, tensor in tensors.items()}, FIXTURES / "halves.safetensors")


if __name__ == "__main__":
    FIXTURES.mkdir(exist_ok=True)
    halves()

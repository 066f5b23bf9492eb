"""Writes what transformers says with weights rounded to each precision: `python test/parity/precision/generate.py`.

Rounding is written here anew, in numpy, from what src/gpt2/precision/blocks.ts says that the blocks are. Made with the
versions of ../generate/requirements.txt.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from transformers import AutoTokenizer, GPT2LMHeadModel
from transformers.pytorch_utils import Conv1D

HERE = Path(__file__).parent
FIXTURES = HERE.parent / "fixtures"
MODELS = ["as-published", "head-size-64-untied-gelu"]
TEXTS = ["The movie was full of surprises", "One ends.<|endoftext|>Another begins.", "caf\u00e9, \u6771\u4eac \u2615"]
SIZES = {8: [128, 64, 32], 4: [64, 32]}


def block_size(columns: int, bits: int) -> int:
    return next(size for size in SIZES[bits] if columns % size == 0)


def in_blocks(matrix: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """A matrix [N, K] as numbers [N, K / S, S], half of the range added, and scales [N, K / S]."""
    blocks = matrix.astype(np.float64).reshape(matrix.shape[0], -1, block_size(matrix.shape[1], bits))
    least = -(2 ** (bits - 1))
    at = np.abs(blocks).argmax(axis=2, keepdims=True)
    extreme = np.take_along_axis(blocks, at, axis=2)
    numbers = np.minimum(-least - 1, np.floor(blocks * np.divide(least, extreme) + 0.5))
    scales = (blocks * numbers).sum(axis=2) / (numbers**2).sum(axis=2)
    return (numbers - least).astype(np.uint8), scales.astype(np.float32)


def packed(numbers: np.ndarray, bits: int) -> bytes:
    flat = numbers.reshape(-1)
    return (flat if bits == 8 else flat[0::2] | (flat[1::2] << 4)).tobytes()


def rounded(name: str, weight: torch.Tensor, precision: str, hashes: dict) -> torch.Tensor:
    """The weight that a precision stands for. Conv1D keeps [K, N]."""
    if weight.dim() != 2:
        return weight
    if precision in ("f16", "bf16"):
        return weight.to({"f16": torch.float16, "bf16": torch.bfloat16}[precision]).to(weight.dtype)
    if "wpe" in name:
        return weight
    bits = {"int8": 8, "int4": 4}[precision]
    turned = ".h." in name
    matrix = (weight.T if turned else weight).numpy()
    numbers, scales = in_blocks(matrix, bits)
    hashes[name.removeprefix("transformer.")] = hashlib.sha256(packed(numbers, bits)).hexdigest()[:16]
    again = (numbers.astype(np.float32) - 2 ** (bits - 1)) * scales[:, :, None]
    values = torch.from_numpy(again.reshape(matrix.shape))
    return values.T if turned else values


def rounded_input(x: torch.Tensor, bits: int) -> torch.Tensor:
    """What is multiplied by whole numbers is itself rounded to 8 bits, in the same blocks (accuracy level 4 of MatMulNBits)."""
    blocks = x.reshape(*x.shape[:-1], -1, block_size(x.shape[-1], bits))
    scale = blocks.abs().amax(dim=-1, keepdim=True) / 127
    return ((blocks / scale).round() * scale).nan_to_num(0).reshape(x.shape)


def expected(folder: Path, precision: str) -> dict:
    model = GPT2LMHeadModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    hashes: dict = {}
    with torch.no_grad():
        for name, weight in model.named_parameters():  # a tied head is named once, as the embedding
            weight.copy_(rounded(name, weight, precision, hashes))
        if precision.startswith("int"):
            for module in model.modules():
                if isinstance(module, (Conv1D, torch.nn.Linear)):
                    module.register_forward_pre_hook(lambda _, inputs, bits=int(precision[3:]): rounded_input(inputs[0], bits))
        model.double()
        tokenizer = AutoTokenizer.from_pretrained(folder)
        texts = []
        for text in TEXTS:
            ids = tokenizer(text, add_special_tokens=False)["input_ids"]
            logs = torch.log_softmax(model(torch.tensor([ids])).logits[0], dim=-1)
            texts.append({"text": text, "logProbabilities": [float(f"{logs[i, t]:.7g}") for i, t in enumerate(ids[1:])]})
    return {"texts": texts, **({"packed": hashes} if hashes else {})}


if __name__ == "__main__":
    found = {name: {p: expected(FIXTURES / name, p) for p in ("f16", "bf16", "int8", "int4")} for name in MODELS}
    (HERE / "expected.json").write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")

"""Writes fixtures/ with the reference implementations: safetensors, torch, transformers. Run: python generate.py"""

import json
import os
import pickle
import zipfile
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel

FIXTURES = Path(__file__).parent / "fixtures"


def halves() -> None:
    """Every 13th bit pattern of a 16-bit float, and the edges, beside what torch widens them to."""
    edges = [0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x0400, 0x3C00, 0x7BFF, 0x7C00, 0xFC00, 0x7E00]
    patterns = torch.tensor(edges + list(range(0, 0x10000, 13)), dtype=torch.int32).to(torch.int16)
    f16, bf16 = patterns.view(torch.float16), patterns.view(torch.bfloat16)
    tensors = {"f16": f16, "f16.widened": f16.float(), "bf16": bf16, "bf16.widened": bf16.float()}
    save_file({name: tensor.clone() for name, tensor in tensors.items()}, FIXTURES / "halves.safetensors")


def config(**changes) -> GPT2Config:
    small = {"n_layer": 2, "n_embd": 4, "n_head": 2, "vocab_size": 5, "n_positions": 6}
    return GPT2Config(**small, bos_token_id=4, eos_token_id=4, **changes)


def tree(name: str, module: torch.nn.Module, seen: set) -> dict:
    """What print(model) shows, without dropout and activation, with parameters counted once."""
    children = []
    for parameter_name, parameter in module.named_parameters(recurse=False):
        count = 0 if parameter in seen else parameter.numel()
        seen.add(parameter)
        dtype = {torch.float32: "F32", torch.bfloat16: "BF16"}[parameter.dtype]
        children.append(dict(name=parameter_name, kind="Parameter", parameters=count,
                             shape=list(parameter.shape), dtype=dtype, children=[]))
    for child_name, child in module.named_children():
        if any(True for _ in child.parameters()):
            children.append(tree(child_name, child, seen))
    total = sum(child["parameters"] for child in children)
    return dict(name=name, kind=type(module).__name__, parameters=total, children=children)


def model_folder(name: str, model) -> None:
    model.save_pretrained(FIXTURES / name)
    (FIXTURES / f"{name}.tree.json").write_text(json.dumps(tree("", model, set()), indent=1) + "\n")


def model_folders() -> None:
    torch.manual_seed(1)
    model_folder("tied", GPT2LMHeadModel(config()))
    model_folder("untied", GPT2LMHeadModel(config(tie_word_embeddings=False)).bfloat16())
    model_folder("classifier", GPT2ForSequenceClassification(config(pad_token_id=4)))


def pytorch_folder() -> None:
    """As older repositories are: names without prefix, mask buffers, several element types, one shared storage."""
    torch.manual_seed(2)
    weights = dict(GPT2LMHeadModel(config()).transformer.state_dict())
    for layer in range(2):
        weights[f"h.{layer}.attn.bias"] = torch.tril(torch.ones(1, 1, 6, 6, dtype=torch.bool))
        weights[f"h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)
    weights["wpe.weight"] = weights["wpe.weight"].half()
    weights["ln_f.weight"] = weights["ln_f.weight"].bfloat16()
    both = torch.randn(2, 4)
    weights["h.0.ln_1.weight"], weights["h.0.ln_1.bias"] = both[0], both[1]
    folder = FIXTURES / "pytorch"
    folder.mkdir(exist_ok=True)
    config(architectures=["GPT2LMHeadModel"]).save_pretrained(folder)
    state = GPT2LMHeadModel(config()).transformer.state_dict()
    state.update(weights)  # an OrderedDict with _metadata, as state_dict() gives it
    torch.save(state, folder / "pytorch_model.bin")
    save_file({name: tensor.contiguous().clone() for name, tensor in weights.items()}, FIXTURES / "pytorch.safetensors")


class Malicious:
    def __reduce__(self):
        return os.system, ("touch /tmp/lm-lab-was-here",)


def refused_pickles() -> None:
    torch.save({"w": torch.ones(2)}, FIXTURES / "legacy.bin", _use_new_zipfile_serialization=False)
    torch.save({"w": torch.ones(3, 2).t()}, FIXTURES / "transposed.bin")
    torch.save({"model": {"w": torch.ones(2)}, "step": 3}, FIXTURES / "checkpoint.bin")
    with zipfile.ZipFile(FIXTURES / "malicious.bin", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"w": Malicious()}, protocol=2))


if __name__ == "__main__":
    FIXTURES.mkdir(exist_ok=True)
    halves()
    model_folders()
    pytorch_folder()
    refused_pickles()

"""The model of a run: transformers' GPT-2 with what the request lets train of it."""

import json
import math
from pathlib import Path

import torch
from peft import LoraConfig, inject_adapter_in_model
from safetensors import safe_open
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel, GPT2Model

from .heads import Head, Scorer, head_parameters, start_head
from .names import own_name
from .random_numbers import within
from .reason import Reason


def read_config(folder: Path) -> dict:
    try:
        return json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise Reason(
            "config-missing",
            f'"{folder}" is not a model folder: its config.json can’t be read ({error}).',
            "Put the model back where run.json says it is, or copy it to this machine.",
        ) from error


def open_model(spec: dict, head: Head | None, folder: Path) -> nn.Module:
    """The model of a folder, with a head where the method scores; nothing is frozen yet."""
    config = _config_of(folder, spec["training"]["dropout"])
    kind = GPT2LMHeadModel if head is None else GPT2Model
    if spec["initialize"] == "random":
        torch.manual_seed(spec["training"]["seed"])
        model = kind(config)
    else:
        model = kind.from_pretrained(folder, config=config, dtype=torch.float32)
    if head is None:
        return model
    scorer = Scorer(model, head)
    stored = _stored_head(folder, head) if spec["initialize"] == "weights" else {}
    start_head(scorer, stored, spec["training"]["seed"])
    return scorer


def open_language_model(spec: dict, folder: Path) -> nn.Module:
    """A model that another is compared with: as the run starts from it, without dropout, none of which trains."""
    model = open_model({**spec, "training": {**spec["training"], "dropout": 0}}, None, folder)
    return model.eval().requires_grad_(False)


def _config_of(folder: Path, dropout: float) -> GPT2Config:
    json_config = read_config(folder)
    if json_config.get("model_type") != "gpt2":
        raise Reason(
            "architecture-unsupported",
            f'"{folder}": model_type is {json_config.get("model_type")}, and only "gpt2" is supported.',
            "Choose a GPT-2: gpt2, gpt2-medium, gpt2-large, gpt2-xl, distilgpt2 or a fine-tuned one of these.",
        )
    return GPT2Config.from_pretrained(folder, attn_pdrop=dropout, embd_pdrop=dropout, resid_pdrop=dropout)


def padding_id(folder: Path) -> int | None:
    """What pads where padding is attended to, and what a last token is not."""
    config = read_config(folder)
    if isinstance(config.get("pad_token_id"), int):
        return config["pad_token_id"]
    ends = config.get("eos_token_id")
    ends = ends if isinstance(ends, list) else [ends]
    known = [end for end in ends if isinstance(end, int) and end < config.get("vocab_size", 50257)]
    return known[0] if known else None


def _stored_head(folder: Path, head: Head) -> dict[str, torch.Tensor]:
    """The head of a folder whose labels are these; empty where there is none."""
    named = read_config(folder).get("id2label") or {}
    labels = [str(named.get(str(index), f"LABEL_{index}")) for index in range(len(head.labels))]
    file = folder / "model.safetensors"
    if labels != head.labels or not file.exists():
        return {}
    with safe_open(file, "pt") as tensors:
        names = [name for name in tensors.keys() if name.startswith(("score.", "classification."))]
        return {name: tensors.get_tensor(name).float() for name in names}


def let_train(model: nn.Module, trainable: dict, seed: int) -> None:
    """Freezes what the request does not train; a head that scores trains always."""
    if "lora" in trainable:
        _add_adapters(model, trainable["lora"], seed)
    elif trainable["layers"] != "all":
        _freeze_below(model, trainable["layers"])
    for parameter in head_parameters(model).values():
        parameter.requires_grad_(True)
    if not any(parameter.requires_grad for parameter in model.parameters()):
        raise Reason(
            "nothing-to-train",
            'trainable.layers is "head", and this model\'s head is its token embedding, which then stays frozen.',
            'Train {"last": 1} or more blocks, or LoRA.',
        )


def _freeze_below(model: nn.Module, layers) -> None:
    """The last N blocks, the final norm and the head train, or the head alone; a tied embedding stays frozen."""
    blocks = model.transformer.h
    last = 0 if layers == "head" else layers["last"]
    if last > len(blocks):
        raise Reason(
            "layers-invalid",
            f"trainable.layers asks for the last {last} blocks, and the model has {len(blocks)}.",
            f'Give {{"last": {len(blocks)}}} at most, or "all".',
        )
    model.requires_grad_(False)
    if last > 0:
        model.transformer.ln_f.requires_grad_(True)
        for block in blocks[-last:]:
            block.requires_grad_(True)
    if isinstance(model, GPT2LMHeadModel) and not model.config.tie_word_embeddings:
        model.lm_head.requires_grad_(True)


def _add_adapters(model: nn.Module, lora: dict, seed: int) -> None:
    """PEFT's, with A drawn from Kaiming's uniform distribution with a = sqrt(5), as PEFT does, and B of zeros."""
    settings = LoraConfig(
        r=lora["rank"],
        lora_alpha=lora["alpha"],
        lora_dropout=lora["dropout"],
        target_modules=lora["targets"],
        fan_in_fan_out=True,
    )
    inject_adapter_in_model(settings, model)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(".lora_" in name)
            if ".lora_A." in name:
                bound = 1 / math.sqrt(parameter.shape[1])
                drawn = within(seed, own_name(name), parameter.numel(), bound)
                parameter.copy_(torch.tensor(drawn).view_as(parameter))
            elif ".lora_B." in name:
                parameter.zero_()

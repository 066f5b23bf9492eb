"""Writes a model folder for transformers, or an adapter for PEFT, with the names that LM Lab's own trainer gives."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from .heads import Head
from .model import read_config
from .names import in_model, trained_parameters
from .reason import Reason

# Beside config.json and the weights: what a model folder is used with.
COMPANIONS = [
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "generation_config.json",
    "chat_template.jinja",
]

FORMAT = {"format": "pt"}  # transformers loads files that say so


@dataclass
class Saver:
    """What a model is saved with is read at once: the folder that training started from may be gone later."""

    folder: Path
    spec: dict
    head: Head | None
    padding_id: int | None
    config: dict = field(init=False)
    companions: dict[str, bytes] = field(init=False)

    def __post_init__(self):
        self.config = read_config(self.folder)
        files = [self.folder / name for name in COMPANIONS]
        self.companions = {file.name: file.read_bytes() for file in files if file.exists()}

    def save(self, model: nn.Module, padded_length: int | None, target: Path) -> None:
        for name, content in self.companions.items():
            (target / name).write_bytes(content)
        _write(target / "config.json", self._config(padded_length))
        trainable = self.spec["trainable"]
        if "lora" in trainable:
            _write(target / "adapter_config.json", self._adapter_config(trainable["lora"]))
            save_file(_contiguous(trained_parameters(model, trainable)), target / "adapter_model.safetensors", FORMAT)
        else:
            tensors = {in_model(name): parameter for name, parameter in model.named_parameters()}
            save_file(_contiguous(tensors), target / "model.safetensors", FORMAT)

    def _config(self, padded_length: int | None) -> dict:
        kept = {name: value for name, value in self.config.items() if name != "torch_dtype"}
        kind = "GPT2LMHeadModel" if self.head is None else "GPT2ForSequenceClassification"
        config = {**kept, "architectures": [kind], "dtype": "float32"}
        if self.head is None:
            return config
        hidden = self.head.hidden
        own = {"pooling": self.head.pooling, "hidden": hidden, "bias": self.head.bias, "paddedLength": padded_length}
        return {
            **config,
            "id2label": {str(index): label for index, label in enumerate(self.head.labels)},
            "label2id": {label: index for index, label in enumerate(self.head.labels)},
            "pad_token_id": self.padding_id,
            "lm_lab": own,
        }

    def _adapter_config(self, lora: dict) -> dict:
        """As `LoraConfig.save_pretrained` writes it; fields that are left out take PEFT's defaults."""
        return {
            "peft_type": "LORA",
            "task_type": "CAUSAL_LM" if self.head is None else "SEQ_CLS",
            "base_model_name_or_path": str(self.folder),
            "r": lora["rank"],
            "lora_alpha": lora["alpha"],
            "lora_dropout": lora["dropout"],
            "target_modules": lora["targets"],
            "fan_in_fan_out": True,
            "bias": "none",
            "modules_to_save": None if self.head is None else ["score"],
            "inference_mode": True,
        }


def restore(model: nn.Module, trainable: dict, folder: Path) -> None:
    """Goes on with the numbers that were saved in a checkpoint."""
    adapter = folder / "adapter_model.safetensors"
    saved = load_file(adapter if adapter.exists() else folder / "model.safetensors")
    with torch.no_grad():
        for name, parameter in trained_parameters(model, trainable).items():
            if name not in saved:
                raise Reason(
                    "tensor-missing",
                    f'"{folder}" holds no tensor "{name}", which the run trains.',
                    "Resume with the run.json that the checkpoint was made with.",
                )
            parameter.copy_(saved[name])


def _contiguous(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().float().cpu().contiguous() for name, tensor in tensors.items()}


def _write(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

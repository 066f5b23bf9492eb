"""What transformers and PEFT make of model folders and adapters, and what they save themselves.

`interoperability_side.py read <kind> <folder>` prints the logits that a saved folder or adapter gives;
`interoperability_side.py write <output> <starter model>` saves one of each kind under its name in <output>, and prints
their logits by kind. Standard input has the sequences of ids, as JSON. Logits are those after a sequence's last token,
or of a classifier's labels.
"""

import json
import sys
from pathlib import Path

import torch
from peft import AutoPeftModelForCausalLM, AutoPeftModelForSequenceClassification, LoraConfig, get_peft_model
from safetensors import safe_open
from transformers import AutoTokenizer, GPT2ForSequenceClassification, GPT2LMHeadModel

LABELS = ["negative", "neutral", "positive"]
PAD = 50256
CLASSES = {
    "language-model": GPT2LMHeadModel,
    "classifier": GPT2ForSequenceClassification,
    "language-model-adapter": AutoPeftModelForCausalLM,
    "classifier-adapter": AutoPeftModelForSequenceClassification,
}


def read(kind: str, folder: str, sequences: list[list[int]]) -> list[list[float]]:
    """An adapter's base is the one that its adapter_config.json names, which knows nothing of a classifier's labels."""
    options = {}
    if kind == "classifier-adapter":
        options = {"num_labels": labels_of(folder), "pad_token_id": PAD}
    return logits(CLASSES[kind].from_pretrained(folder, dtype=torch.float32, **options), sequences)


def labels_of(adapter: str) -> int:
    with safe_open(Path(adapter) / "adapter_model.safetensors", "pt") as file:
        return file.get_slice("base_model.model.score.weight").get_shape()[0]


def write(output: str, starter: str, sequences: list[list[int]]) -> dict[str, list]:
    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(starter)
    made = {}
    for kind in CLASSES:
        model = disturbed(adapted(base_model(kind, starter), kind))
        model.save_pretrained(Path(output) / kind)
        tokenizer.save_pretrained(Path(output) / kind)
        made[kind] = logits(model, sequences)
    return made


def base_model(kind: str, starter: str):
    if not kind.startswith("classifier"):
        return GPT2LMHeadModel.from_pretrained(starter, dtype=torch.float32)
    names = dict(enumerate(LABELS))
    numbers = {name: index for index, name in names.items()}
    return GPT2ForSequenceClassification.from_pretrained(
        starter, dtype=torch.float32, id2label=names, label2id=numbers, pad_token_id=PAD
    )


def adapted(model, kind: str):
    if not kind.endswith("adapter"):
        return model
    classifies = kind.startswith("classifier")
    settings = LoraConfig(
        task_type="SEQ_CLS" if classifies else "CAUSAL_LM",
        r=8,
        lora_alpha=16,
        target_modules=["c_attn", "c_proj", "c_fc"],
        fan_in_fan_out=True,
        modules_to_save=["score"] if classifies else None,
    )
    return get_peft_model(model, settings)


def disturbed(model):
    """As if trained: an adapter that has just been made changes nothing."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.02)
    return model


def logits(model, sequences: list[list[int]]) -> list[list[float]]:
    model.eval()
    with torch.no_grad():
        results = [model(torch.tensor([ids])).logits[0] for ids in sequences]
    return [(result if result.dim() == 1 else result[-1]).tolist() for result in results]


if __name__ == "__main__":
    action, first, second = sys.argv[1:]
    given = json.load(sys.stdin)
    print(json.dumps(read(first, second, given) if action == "read" else write(first, second, given)))

"""The other side of the training benchmark: `training_side.py <run folder> <threads> <steps>`.

Trains the run's own prepared examples, in file order, as its run.json says, the way one does with transformers: a padded
batch, the model's loss, fused AdamW. Prints one JSON line a step, and at the end the peak of its memory. Times are taken
here and hold nothing of loading.
"""

import json
import math
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel, get_scheduler

from memory import peak_bytes

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))
from lm_lab_torch.model import let_train  # noqa: E402

PAD = 50256


def main(folder: Path, threads: int, steps: int) -> None:
    torch.set_num_threads(threads)
    run = json.loads((folder / "run.json").read_text())
    classifies, settings = run["method"] == "classification", run["training"]
    model = load_model((folder / run["model"]).resolve(), classifies).train()
    if classifies:
        freeze(model, run["trainable"]["layers"])
    else:
        let_train(model, run["trainable"], settings["seed"])
    if settings["backward"] == "blocks":
        model.gradient_checkpointing_enable()
    examples = load_file(folder / "data" / "train.safetensors")
    rows = len(examples["offsets"]) - 1
    size = settings["batchSize"]
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = optimizer_of(parameters, settings)
    total = settings["maxSteps"] or settings["epochs"] * math.ceil(rows / size)
    scheduler = get_scheduler(settings["schedule"], optimizer, num_warmup_steps=0, num_training_steps=total)
    for step in range(steps):
        start = time.perf_counter()
        first = step % math.ceil(rows / size) * size
        batch = batch_of(examples, range(first, min(rows, first + size)), classifies)
        loss = model(**batch).loss
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, settings["maxGradientNorm"])
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
        figures = {"loss": loss.item(), "gradientNorm": norm.item(), "examples": len(batch["input_ids"])}
        print(json.dumps({"step": step + 1, "seconds": time.perf_counter() - start, **figures}), flush=True)
    print(json.dumps({"peakBytes": peak_bytes()}), flush=True)


def load_model(folder: Path, classifies: bool):
    config = GPT2Config.from_pretrained(folder, attn_pdrop=0.0, embd_pdrop=0.0, resid_pdrop=0.0)
    kind = GPT2ForSequenceClassification if classifies else GPT2LMHeadModel
    model = kind.from_pretrained(folder, config=config, dtype=torch.float32)
    model.config.use_cache = False
    return model


def freeze(model, layers) -> None:
    """Of `{"last": N}` the last N blocks, the final norm and the head train."""
    if layers == "all":
        return
    model.requires_grad_(False)
    for module in [*model.transformer.h[-layers["last"] :], model.transformer.ln_f, model.score]:
        module.requires_grad_(True)


def optimizer_of(parameters: list, settings: dict) -> torch.optim.Optimizer:
    groups = [
        {"params": [p for p in parameters if p.dim() >= 2], "weight_decay": settings["weightDecay"]},
        {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=settings["learningRate"], betas=tuple(settings["betas"]), fused=True)


def batch_of(examples: dict, rows: range, classifies: bool) -> dict:
    """Padded on the right to the longest: each [R, T]."""
    spans = [slice(*examples["offsets"][row : row + 2].tolist()) for row in rows]
    ids = padded([examples["ids"][span].long() for span in spans], PAD)
    mask = padded([torch.ones(span.stop - span.start, dtype=torch.long) for span in spans], 0)
    if classifies:
        return {"input_ids": ids, "attention_mask": mask, "labels": examples["labels"][list(rows)]}
    scored = padded([examples["scored"][span].long() for span in spans], 0)
    return {"input_ids": ids, "attention_mask": mask, "labels": ids.where(scored == 1, -100)}


def padded(sequences: list, value: int) -> torch.Tensor:
    return torch.nn.utils.rnn.pad_sequence(sequences, batch_first=True, padding_value=value)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

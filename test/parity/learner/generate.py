"""Writes PyTorch's loss and gradients of the first step of some trainings: `python test/parity/learner/generate.py`.

Models, data and starting values are those of ../training, in float64 arithmetic. Gradients are stored in float32 under
the names that model folders and PEFT's adapters give the parameters, the loss in the file's header.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "training" / "generate"))

from cases import CASES  # noqa: E402
from examples import read_examples, sort_header  # noqa: E402
from models import build, reference_of  # noqa: E402
from losses import scorer  # noqa: E402
from training import accumulate  # noqa: E402

TRAINING = HERE.parent / "training" / "fixtures"
LANGUAGE_MODELS = HERE.parent / "fixtures"
NAMES = [
    "sft",
    "sft-label-words",
    "sft-last-block",
    "sft-lora",
    "lm",
    "lm-lora",
    "classification",
    "classification-first",
    "classification-mean",
    "classification-position",
    "classification-hidden",
    "classification-last-block",
    "classification-head",
    "classification-lora",
    "reward",
    "reward-ranked-accumulation",
    "reward-lora",
    "dpo",
    "dpo-ipo",
    "dpo-lora",
]


def main() -> None:
    output = HERE / "fixtures"
    output.mkdir(exist_ok=True)
    for case in CASES:
        if case.name not in NAMES:
            continue
        model = build(case, TRAINING, LANGUAGE_MODELS, torch.float64).train()
        examples = read_examples(TRAINING / "data" / case.data / "train.safetensors")
        rows = list(range(case.run["training"]["batchSize"] * case.run["training"]["accumulation"]))
        reference = reference_of(case, TRAINING, LANGUAGE_MODELS, torch.float64)
        score = scorer(case.run, reference, {"train": examples})
        loss, _ = accumulate(model, examples, rows, case.run["training"], score)
        gradients = {
            saved(name): parameter.grad.float().contiguous()
            for name, parameter in model.named_parameters()
            if parameter.requires_grad
        }
        path = output / f"{case.name}.safetensors"
        save_file(gradients, path, {"loss": repr(loss)})
        sort_header(path)


def saved(name: str) -> str:
    for wrapped, bare in [
        (".modules_to_save.default", ""),
        (".default", ""),
        ("trunk.", "transformer."),
        ("score.score.", "score."),
        ("score.classification.", "classification."),
    ]:
        name = name.replace(wrapped, bare)
    return name.removeprefix("model.")


if __name__ == "__main__":
    main()

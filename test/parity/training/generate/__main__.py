"""Writes how PyTorch trains small GPT-2 models: `python test/parity/training/generate`.

Made with Python 3.11 and the versions in requirements.txt. The same versions give the same files, byte for byte.
The language models are those of test/parity/fixtures; data, classifiers and starting values are made here.
"""

import json
import shutil
from pathlib import Path

import torch

from cases import CASES, Case
from examples import read_examples, write_datasets
from models import build, reference_of, starting_values, write_classifier
from training import train
from write_ppo import write_ppo
from write_rewards import write_rewards

FIXTURES = Path(__file__).parents[1] / "fixtures"
LANGUAGE_MODELS = Path(__file__).parents[2] / "fixtures"


def main() -> None:
    shutil.rmtree(FIXTURES, ignore_errors=True)
    write_datasets(FIXTURES / "data")
    write_classifier(LANGUAGE_MODELS / "head-size-12", FIXTURES / "models" / "classifier")
    for case in CASES:
        write_trajectory(case)
    write_ppo(FIXTURES, LANGUAGE_MODELS, rounded)
    write_rewards(FIXTURES, LANGUAGE_MODELS / "head-size-12", rounded)


def write_trajectory(case: Case) -> None:
    starting = starting_values(case, FIXTURES)
    expected = run(case, torch.float64)
    single = run(case, torch.float32)
    print(f"{case.name}: PyTorch in float32 differs by {largest_difference(single['steps'], expected['steps']):.1e}")
    content = {"name": case.name, "data": case.data, "startingValues": starting, "run": case.run, **rounded(expected)}
    path = FIXTURES / "trajectories" / f"{case.name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def run(case: Case, dtype: torch.dtype) -> dict:
    """Weights as stored. Arithmetic in float64 is what is kept, so that every difference found is our own rounding."""
    torch.manual_seed(0)
    data = FIXTURES / "data" / case.data
    parts = {part: read_examples(data / f"{part}.safetensors") for part in ["train", "validation"]}
    reference = reference_of(case, FIXTURES, LANGUAGE_MODELS, dtype)
    return train(build(case, FIXTURES, LANGUAGE_MODELS, dtype), parts, case.run, reference)


def largest_difference(steps: list[dict], expected: list[dict]) -> float:
    keys = ["loss", "gradientNorm"]
    return max(abs(a[key] - b[key]) / abs(b[key]) for a, b in zip(steps, expected, strict=True) for key in keys)


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


if __name__ == "__main__":
    main()

"""Writes the trajectories of PPO: prompts, recorded answers with their scores, and what training makes of them."""

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import GPT2LMHeadModel

from cases import Case, PPO_CASES
from examples import read_examples
from models import freeze, load, lora_values, restore, with_lora
from ppo import Policy, rollouts_of, train_ppo

PREFIX = "v_head.summary."


def write_ppo(fixtures: Path, language_models: Path, rounded) -> None:
    for case in PPO_CASES:
        recorded = rollouts_of(prompts_of(fixtures, case), case.run["training"], seed=17)
        starting = write_starting(case, fixtures)
        steps = run(case, fixtures, language_models, recorded, torch.float64)
        content = {
            "name": case.name,
            "data": case.data,
            "startingValues": starting.name,
            "run": case.run,
            "rollouts": [[asdict(each) for each in step] for step in recorded],
            "lessons": [step.pop("lessons") for step in steps],
            "steps": steps,
            "evaluations": [],
        }
        path = fixtures / "ppo" / f"{case.name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(rounded(content), separators=(",", ":")) + "\n", encoding="utf-8")
        print(case.name, "losses", [round(step["loss"], 4) for step in steps])


def run(case: Case, fixtures: Path, language_models: Path, recorded, dtype: torch.dtype) -> list[dict]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        policy = policy_of(case, fixtures, language_models).to(dtype)
        reference = policy_of(case, fixtures, language_models).to(dtype)
        return train_ppo(policy, reference, prompts_of(fixtures, case), recorded, case.run)
    finally:
        torch.set_default_dtype(before)


def policy_of(case: Case, fixtures: Path, language_models: Path) -> Policy:
    """A new adapter changes nothing, so that the reference, too, is the policy as it starts."""
    model: GPT2LMHeadModel = load(case.run, fixtures, language_models)
    path = fixtures / "starting" / f"{case.name}.safetensors"
    trainable = case.run.get("trainable", {"layers": "all"})
    if "lora" in trainable:
        model = with_lora(model, trainable["lora"], False)
        restore(model, path)
    else:
        freeze(model, trainable["layers"])
    head = {name.removeprefix(PREFIX): value for name, value in load_file(path).items() if name.startswith(PREFIX)}
    return Policy(model, head)


def write_starting(case: Case, fixtures: Path) -> Path:
    """The value head, as TRL's AutoModelForCausalLMWithValueHead names it, and where there is one the adapter."""
    torch.manual_seed(19)
    adapter = lora_values(case.run, fixtures) if "lora" in case.run.get("trainable", {}) else {}
    head = {f"{PREFIX}weight": torch.randn(1, 24) * 0.3, f"{PREFIX}bias": torch.randn(1) * 0.3}
    path = fixtures / "starting" / f"{case.name}.safetensors"
    path.parent.mkdir(exist_ok=True)
    save_file({**adapter, **head}, path, {"format": "pt"})
    return path


def prompts_of(fixtures: Path, case: Case):
    return read_examples(fixtures / "data" / case.data / "train.safetensors")

"""Writes a reward model of transformers, and what it says of recorded answers."""

import json
import shutil
from pathlib import Path

import torch
from transformers import GPT2ForSequenceClassification

from cases import PPO_CASES
from examples import END, read_examples
from ppo import rollouts_of


def write_rewards(fixtures: Path, base: Path, rounded) -> None:
    torch.manual_seed(23)
    model = GPT2ForSequenceClassification.from_pretrained(base, num_labels=1, pad_token_id=END, dtype=torch.float32)
    with torch.no_grad():
        model.score.weight.normal_(0, 0.3)
    folder = fixtures / "models" / "reward"
    model.save_pretrained(folder)
    shutil.copy(base / "tokenizer.json", folder)
    model = model.double().eval()
    prompts = read_examples(fixtures / "data" / "prompts" / "train.safetensors").sequences
    [recorded, *_] = rollouts_of(read_examples(fixtures / "data" / "prompts" / "train.safetensors"), PPO_CASES[0].run["training"], 17)
    answers = []
    for prompt, rollout in zip(prompts, recorded):
        with torch.no_grad():
            score = model(torch.tensor([[*prompt, *rollout.response]])).logits.item()  # the end token pads, so it is not read
        answers.append({"prompt": prompt, "response": rollout.response, "score": score})
    path = fixtures / "rewards.json"
    path.write_text(json.dumps(rounded(answers), separators=(",", ":")) + "\n", encoding="utf-8")

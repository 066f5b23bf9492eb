"""Proximal policy optimization on answers that are recorded, in plain PyTorch by the formulas of TRL 1.12.0, the last release
that has trl.experimental.ppo (ppo_trainer.py): against_trl_ppo.py compares with that trainer itself.

The policy and its value share a trunk, as in TRL's AutoModelForCausalLMWithValueHead. Beside TRL's: scores are clipped,
gradients are clipped, and the KL coefficient adapts (Ziegler et al. 2019, section 2.2).
"""

import itertools
from dataclasses import dataclass

import numpy as np
import torch

from examples import END, Examples
from training import clip, optimizer_of, scheduler_of, steps_of

LONGEST = 9
PAD = -1  # in arrays of this file; the model sees END there, and nothing attends to it


@dataclass
class Rollout:
    response: list[int]
    score: float


def rollouts_of(examples: Examples, settings: dict, seed: int) -> list[list[Rollout]]:
    """Of each step: answers that end early, one that ends at once, and some that never do."""
    random = np.random.default_rng(seed)
    steps = itertools.islice(steps_of(examples.rows, settings), settings["maxSteps"])
    return [[rollout(random, index, step) for index, _ in enumerate(rows)] for step, rows in enumerate(steps)]


def rollout(random, index: int, step: int) -> Rollout:
    count = 0 if index == step % 4 else int(random.integers(1, LONGEST + 1))
    words = random.integers(1, 500, count).tolist()
    ended = words if count == LONGEST else [*words, END]
    return Rollout(ended, round(float(random.normal()), 3))


class Policy(torch.nn.Module):
    """A language model with a value head on its last hidden states."""

    def __init__(self, model: torch.nn.Module, head: dict[str, torch.Tensor]):
        super().__init__()
        self.model = model
        self.v_head = torch.nn.Linear(head["weight"].shape[1], 1)
        self.v_head.load_state_dict(head)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """[R, T] → logits [R, T, V], values [R, T]"""
        output = self.model(ids, attention_mask=mask, output_hidden_states=True)
        return output.logits, self.v_head(output.hidden_states[-1]).squeeze(-1)


@dataclass
class Batch:
    """Prompts and responses of a step, filled up on the right; what is read of them: responses are W long at most."""

    ids: torch.Tensor  # [R, T]
    mask: torch.Tensor  # [R, T]
    places: torch.Tensor  # [R, W], of the state before each token of a response
    tokens: torch.Tensor  # [R, W], the tokens; any where there is none
    is_token: torch.Tensor  # [R, W]
    is_state: torch.Tensor  # [R, W], a state more than tokens where there is room
    scores: torch.Tensor  # [R]


def batch_of(prompts: list[list[int]], rollouts: list[Rollout]) -> Batch:
    lengths = torch.tensor([len(each.response) for each in rollouts])
    starts = torch.tensor([len(prompt) for prompt in prompts])
    width = int(lengths.max())
    total = int((starts + width).max())
    rows = [[*prompt, *each.response] for prompt, each in zip(prompts, rollouts, strict=True)]
    ids = torch.tensor([[*row, *[END] * (total - len(row))] for row in rows])
    mask = (torch.arange(total) < (starts + lengths)[:, None]).long()
    column = torch.arange(width)[None]
    tokens = torch.tensor([[*each.response, *[0] * (width - len(each.response))] for each in rollouts])
    return Batch(
        ids,
        mask,
        starts[:, None] - 1 + column,
        tokens,
        column < lengths[:, None],
        column <= lengths[:, None],
        torch.tensor([each.score for each in rollouts], dtype=torch.get_default_dtype()),
    )


def said(model: Policy, batch: Batch, temperature: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-probabilities of the tokens and values of the states, [R, W]."""
    logits, values = model(batch.ids, batch.mask)
    rows = torch.arange(len(batch.ids))[:, None]
    logits = logits[rows, batch.places] / (temperature + 1e-7)
    logps = logits.log_softmax(-1).gather(-1, batch.tokens[..., None]).squeeze(-1)
    return logps * batch.is_token, values[rows, batch.places] * batch.is_state


def masked_mean(values: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return (values * mask).sum() / mask.sum()


def masked_whiten(values: torch.Tensor, mask: torch.Tensor, shift_mean: bool = True) -> torch.Tensor:
    mean = masked_mean(values, mask)
    variance = masked_mean((values - mean) ** 2, mask) * mask.sum() / (mask.sum() - 1)
    whitened = (values - mean) * torch.rsqrt(variance + 1e-8)
    return (whitened if shift_mean else whitened + mean) * mask


@dataclass
class Lessons:
    rewards: torch.Tensor
    advantages: torch.Tensor
    returns: torch.Tensor


def lessons(batch: Batch, kl: torch.Tensor, values: torch.Tensor, coefficient: float, ppo: dict) -> Lessons:
    """Penalised rewards, generalised advantages and returns, [R, W]."""
    scores = batch.scores if ppo["clipReward"] is None else batch.scores.clamp(-ppo["clipReward"], ppo["clipReward"])
    rewards = -coefficient * kl
    rewards[torch.arange(len(rewards)), batch.is_state.sum(1) - 1] += scores
    if ppo["whitenRewards"]:
        rewards = masked_whiten(rewards, batch.is_state, shift_mean=False)
    following, reversed_advantages = torch.zeros(len(rewards)), []
    for state in reversed(range(rewards.shape[1])):
        next_values = values[:, state + 1] if state < rewards.shape[1] - 1 else 0.0
        surprise = rewards[:, state] + ppo["gamma"] * next_values - values[:, state]
        following = surprise + ppo["gamma"] * ppo["lambda"] * following
        reversed_advantages.append(following)
    advantages = torch.stack(reversed_advantages[::-1], 1)
    return Lessons(rewards, masked_whiten(advantages, batch.is_token), advantages + values)


def train_ppo(policy: Policy, reference: Policy, examples: Examples, recorded: list[list[Rollout]], run: dict) -> list[dict]:
    settings, ppo = run["training"], run["ppo"]
    parameters = [parameter for parameter in policy.parameters() if parameter.requires_grad]
    optimizer = optimizer_of(parameters, settings)
    scheduler = scheduler_of(optimizer, settings)
    policy.eval()
    coefficient, steps = ppo["klCoefficient"], []
    for rows, rollouts in zip(steps_of(examples.rows, settings), recorded):
        batch = batch_of([examples.sequences[row] for row in rows], rollouts)
        with torch.no_grad():
            logps, values = said(policy, batch, ppo["temperature"])
            kl = logps - said(reference, batch, ppo["temperature"])[0]
            taught = lessons(batch, kl, values, coefficient, ppo)
        updates = []
        for _ in range(ppo["epochsPerBatch"]):
            loss, figures = losses(policy, batch, logps, values, taught, ppo)
            loss.backward()
            norm = clip(parameters, settings["maxGradientNorm"])
            optimizer.step()
            optimizer.zero_grad()
            updates.append({"loss": loss.item(), "gradientNorm": norm, **figures})
        mean_kl = kl.sum(1).mean().item()
        steps.append(
            {
                **{name: sum(update[name] for update in updates) / len(updates) for name in updates[0]},
                "learningRate": scheduler.get_last_lr()[0],
                "kl": mean_kl,
                "entropy": -logps.sum(1).mean().item(),
                "scoreMean": batch.scores.mean().item(),
                "returnMean": masked_mean(taught.returns, batch.is_state).item(),
                "lessons": {
                    "rewards": by_row(taught.rewards, batch.is_state),
                    "advantages": by_row(taught.advantages, batch.is_token),
                    "returns": by_row(taught.returns, batch.is_state),
                },
                **({"klCoefficient": coefficient} if ppo["targetKl"] is not None else {}),
            }
        )
        scheduler.step()
        if ppo["targetKl"] is not None:
            coefficient *= 1 + 0.1 * min(0.2, max(-0.2, mean_kl / ppo["targetKl"] - 1))
    return steps


def losses(policy: Policy, batch: Batch, old_logps, old_values, taught: Lessons, ppo: dict) -> tuple[torch.Tensor, dict]:
    logps, values = said(policy, batch, ppo["temperature"])
    near = torch.clamp(values, old_values - ppo["valueClipRange"], old_values + ppo["valueClipRange"])
    errors = torch.max((values - taught.returns) ** 2, (near - taught.returns) ** 2)
    value_loss = 0.5 * masked_mean(errors, batch.is_state)
    ratio = torch.exp(logps - old_logps)
    plain = -taught.advantages * ratio
    clipped = -taught.advantages * torch.clamp(ratio, 1 - ppo["clipRange"], 1 + ppo["clipRange"])
    policy_loss = masked_mean(torch.max(plain, clipped), batch.is_token)
    figures = {
        "policyLoss": policy_loss.item(),
        "valueLoss": value_loss.item(),
        "clipFraction": masked_mean((clipped > plain).double(), batch.is_token).item(),
        "approximateKl": 0.5 * ((logps - old_logps) ** 2).mean().item(),
    }
    return policy_loss + ppo["valueCoefficient"] * value_loss, figures


def by_row(values: torch.Tensor, mask: torch.Tensor) -> list[list[float]]:
    return [row[kept].tolist() for row, kept in zip(values, mask, strict=True)]

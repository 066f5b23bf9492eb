"""A reward model (Ouyang et al. 2022, equation 1): a better answer should score more than a worse one."""

from itertools import combinations

import torch
from torch import nn
from torch.nn.functional import logsigmoid

from ..examples import Examples
from .method import Found
from .pooling import Scoring


class Reward(Scoring):
    def found(self, model: nn.Module, examples: Examples, rows: list[int], training: bool) -> Found:
        """A row's loss is the mean over all pairs of its answers, which stand best first."""
        sequences = self.sequences(examples, rows, training)
        scores = self.scores(model, examples, sequences)[:, 0]  # [S]
        center = self.spec["reward"]["centerCoefficient"]
        loss = torch.zeros((), device=scores.device)
        accuracy = mean = margin = 0.0
        for of_row in scores.split([len(examples.sequences_of(row)) for row in rows]):
            pairs = torch.stack([torch.stack(pair) for pair in combinations(of_row, 2)])  # [pairs, 2]
            better, worse = pairs[:, 0], pairs[:, 1]
            losses = -logsigmoid(better - worse)
            if center:  # keeps scores around 0 (Eisenstein et al. 2023; TRL's RewardTrainer)
                losses = losses + center * (better + worse) ** 2
            loss = loss + losses.mean()
            accuracy += (better > worse).double().mean().item()
            mean += of_row.mean().item()
            margin += (better - worse).mean().item()
        figures = {"accuracy": accuracy, "rewardMean": mean, "rewardMargin": margin}
        return Found(loss, {name: (value, len(rows)) for name, value in figures.items()})

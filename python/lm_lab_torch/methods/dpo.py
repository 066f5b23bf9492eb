"""
Direct Preference Optimization (Rafailov et al. 2023, equation 7), with smoothed labels (Mitchell 2023, "cDPO"), or with
the squared loss of IPO (Azar et al. 2023, equation 17).
"""

import torch
from torch import nn
from torch.nn.functional import logsigmoid

from ..examples import Examples
from .method import Found, Method
from .scored_tokens import sequence_losses


class Dpo(Method):
    compares = True

    def found(self, model: nn.Module, examples: Examples, rows: list[int], training: bool) -> Found:
        sequences = self.sequences(examples, rows, training)  # chosen, rejected, chosen, …
        losses, counts = sequence_losses(model, examples, sequences)
        logps = -losses  # [2 R]
        ratios = logps - examples.reference[sequences].to(logps.device)
        compared = ratios / counts if self.spec["dpo"]["loss"] == "ipo" else ratios
        loss = self._losses(compared[0::2] - compared[1::2]).sum()
        rewards = self.spec["dpo"]["beta"] * ratios.detach()
        margins = rewards[0::2] - rewards[1::2]
        figures = {
            "rewardsChosen": rewards[0::2],
            "rewardsRejected": rewards[1::2],
            "rewardsMargin": margins,
            "rewardsAccuracy": (margins > 0).float(),
            "logpsChosen": logps[0::2],
            "logpsRejected": logps[1::2],
        }
        return Found(loss, {name: (values.sum().item(), len(rows)) for name, values in figures.items()})

    def _losses(self, difference: torch.Tensor) -> torch.Tensor:
        """Of the log-ratio of the chosen answers less that of the rejected ones: [R]."""
        beta, smoothing = self.spec["dpo"]["beta"], self.spec["dpo"]["labelSmoothing"]
        if self.spec["dpo"]["loss"] == "ipo":
            return (difference - 1 / (2 * beta)) ** 2
        return -(1 - smoothing) * logsigmoid(beta * difference) - smoothing * logsigmoid(-beta * difference)

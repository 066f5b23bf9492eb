"""Classification of texts: the mean over rows of the cross-entropy of their labels."""

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from ..examples import Examples
from .method import Found
from .pooling import Scoring


class Classification(Scoring):
    def found(self, model: nn.Module, examples: Examples, rows: list[int], training: bool) -> Found:
        logits = self.scores(model, examples, self.sequences(examples, rows, training))
        labels = torch.from_numpy(examples.labels[rows]).to(logits.device)
        predictions = logits.argmax(1)
        right = int((predictions == labels).sum())
        loss = cross_entropy(logits, labels, reduction="sum")
        return Found(loss, {"accuracy": (right, len(rows))}, predictions.tolist())

"""The mean negative log-likelihood of all scored tokens, each told by the position before it: lm and sft."""

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from ..examples import Examples, padded
from .method import Found, Method, hidden_states


class ScoredTokens(Method):
    def units(self, examples: Examples, rows: list[int]) -> int:
        return sum(int(examples.scored_of(sequence).sum()) for sequence in self.sequences(examples, rows, True))

    def sequences(self, examples: Examples, rows: list[int], training: bool) -> list[int]:
        """Where a row has several sequences, one for each label, that of its own label trains."""
        if not training or examples.labels is None:
            return super().sequences(examples, rows, training)
        return [examples.sequences_of(row)[examples.labels[row]] for row in rows]

    def found(self, model: nn.Module, examples: Examples, rows: list[int], training: bool) -> Found:
        losses, _ = sequence_losses(model, examples, self.sequences(examples, rows, training))
        if training or examples.labels is None:
            return Found(losses.sum())
        labels = torch.from_numpy(examples.labels[rows]).to(losses.device)
        by_word = losses.view(len(rows), -1)  # [R, words]
        predictions = by_word.argmin(1)
        right = int((predictions == labels).sum())
        own = by_word.gather(1, labels[:, None])
        return Found(own.sum(), {"accuracy": (right, len(rows))}, predictions.tolist())


def sequence_losses(model: nn.Module, examples: Examples, sequences: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """The losses of each sequence's scored tokens together, and how many they are: [S] and [S]."""
    hidden, ids = hidden_states(model, examples, sequences)
    scored = padded([examples.scored_of(sequence) for sequence in sequences], 0).to(ids.device)
    told = scored[:, 1:] == 1  # [S, T - 1], at the position before the token
    logits = model.lm_head(hidden[:, :-1][told]).float()  # [N, V]
    losses = torch.zeros(told.shape, device=ids.device)
    losses = losses.masked_scatter(told, cross_entropy(logits, ids[:, 1:][told], reduction="none"))
    return losses.sum(1), told.sum(1)

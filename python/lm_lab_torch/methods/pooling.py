"""One hidden state of each text, or the mean of all."""

import torch
from torch import nn

from ..examples import Examples
from .method import Method, hidden_states


class Scoring(Method):
    """A method whose model scores texts by a head."""

    def scores(self, model: nn.Module, examples: Examples, sequences: list[int]) -> torch.Tensor:
        """[S, C]"""
        width = self.padded_width(examples, sequences)
        hidden, _ = hidden_states(model, examples, sequences, self.padding_id or 0, width)
        pooled = [self._pooled(states, examples.ids_of(sequence)) for states, sequence in zip(hidden, sequences)]
        return model.logits(torch.stack(pooled)).float()

    def _pooled(self, states: torch.Tensor, ids) -> torch.Tensor:
        """[T, D] → [D]"""
        match self.head.pooling:
            case "first":
                return states[0]
            case "mean":
                return states[: len(ids)].mean(0)
            case "position":
                return states[-1]
            case _:
                return states[last_place(ids, self.padding_id)]

    def padded_width(self, examples: Examples, sequences: list[int]) -> int:
        """With `position` the state at the padded end is what is read."""
        if self.head.pooling != "position":
            return 0
        longest = max(examples.length_of(sequence) for sequence in sequences)
        return max(examples.padded_length or 0, longest)


def last_place(ids, padding_id: int | None) -> int:
    """As GPT2ForSequenceClassification: the last token that is not padding, even where a text ends with that id."""
    return max((place for place, id in enumerate(ids) if id != padding_id), default=0)

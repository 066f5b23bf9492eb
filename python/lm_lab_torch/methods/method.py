"""What a training loop asks of a method, and what it gets."""

from dataclasses import dataclass, field

import torch
from torch import nn

from ..examples import Examples, padded
from ..heads import Head


@dataclass
class Found:
    """Of some rows: the sum of their losses, and their further figures, each the mean sum / count."""

    loss: torch.Tensor  # scalar
    sums: dict[str, tuple[float, int]] = field(default_factory=dict)
    predictions: list[int] = field(default_factory=list)  # the label of each row, where rows have labels


class Method:
    """A way to learn: what goes through the model, and what the loss makes of its hidden states."""

    compares = False  # with a model that does not train, whose numbers stand in `reference` of the examples

    def __init__(self, spec: dict, head: Head | None, padding_id: int | None):
        self.spec, self.head, self.padding_id = spec, head, padding_id

    def units(self, examples: Examples, rows: list[int]) -> int:
        """How many losses the rows have: what the step's loss is a mean over."""
        return len(rows)

    def sequences(self, examples: Examples, rows: list[int], training: bool) -> list[int]:
        """What goes through the model."""
        return [sequence for row in rows for sequence in examples.sequences_of(row)]

    def found(self, model: nn.Module, examples: Examples, rows: list[int], training: bool) -> Found:
        raise NotImplementedError

    def padded_width(self, examples: Examples, sequences: list[int]) -> int:
        """Tokens that the sequences are filled up to where padding counts; 0: it does not."""
        return 0


def hidden_states(model: nn.Module, examples: Examples, sequences: list[int], filler: int = 0, width: int = 0):
    """
    Final hidden states and the ids that they are of: [S, T, D] and [S, T]. There is no attention mask: padding stands
    on the right, where causal attention does not look.
    """
    ids = padded([examples.ids_of(sequence) for sequence in sequences], filler, width)
    ids = ids.to(model.transformer.wte.weight.device)
    return model.transformer(input_ids=ids, use_cache=False).last_hidden_state, ids

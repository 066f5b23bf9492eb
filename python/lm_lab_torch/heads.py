"""The head that scores texts, over GPT-2's hidden states: a classifier's, or a reward model's."""

from dataclasses import dataclass

import torch
from torch import nn

from .random_numbers import normal
from .reason import Reason

START_DEVIATION = 0.02

ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU, "tanh": nn.Tanh}


@dataclass(frozen=True)
class Head:
    pooling: str  # last | first | mean | position
    labels: list[str]
    hidden: dict | None  # {size, activation, dropout}
    bias: bool


def head_of(spec: dict) -> Head | None:
    """None: the method predicts tokens."""
    if spec["method"] == "reward":
        return Head(spec["reward"]["pooling"], ["LABEL_0"], None, False)
    if spec["method"] != "classification":
        return None
    head = spec["classification"]
    if not head["labels"] or len(head["labels"]) < 2:
        raise Reason(
            "labels-missing",
            f"classification.labels is {head['labels']}, and a classifier needs two labels or more.",
            "Take a dataset with at least two different labels.",
        )
    return Head(head["pooling"], head["labels"], head["hidden"], head["bias"])


class Scorer(nn.Module):
    """GPT-2 with a head; its parameters are named as the model folder names them."""

    def __init__(self, transformer: nn.Module, head: Head):
        super().__init__()
        width = transformer.config.n_embd
        self.config, self.transformer = transformer.config, transformer
        if head.hidden:
            self.classification = nn.ModuleDict({"hidden": nn.Linear(width, head.hidden["size"])})
            self.activation = ACTIVATIONS[head.hidden["activation"]]()
            self.dropout = nn.Dropout(head.hidden["dropout"])
        self.hidden = head.hidden is not None
        self.score = nn.Linear(head.hidden["size"] if head.hidden else width, len(head.labels), bias=head.bias)

    def logits(self, pooled: torch.Tensor) -> torch.Tensor:
        """[S, D] → [S, C]"""
        if self.hidden:
            pooled = self.dropout(self.activation(self.classification["hidden"](pooled)))
        return self.score(pooled)


def head_parameters(model: nn.Module) -> dict[str, nn.Parameter]:
    return {name: value for name, value in model.named_parameters() if name.startswith(("score.", "classification."))}


def start_head(model: Scorer, stored: dict[str, torch.Tensor], seed: int) -> None:
    """
    Goes on with the head of a model folder where it has these tensors and no others; else matrices are drawn from
    N(0, 0.02), each with the seed and its name, and biases are 0.
    """
    own = head_parameters(model)
    continued = {name: value.shape for name, value in stored.items()} == {name: p.shape for name, p in own.items()}
    with torch.no_grad():
        for name, parameter in own.items():
            if continued:
                parameter.copy_(stored[name])
            elif parameter.dim() == 1:
                parameter.zero_()
            else:
                drawn = torch.tensor(normal(seed, name, parameter.numel(), START_DEVIATION))
                parameter.copy_(drawn.view_as(parameter))


def notes_on(head: Head | None) -> list[str]:
    """What a reader of the result should know of such a head."""
    if head is None:
        return []
    own = [
        *([f'pooling "{head.pooling}"'] if head.pooling != "last" else []),
        *(["a hidden layer"] if head.hidden else []),
        *(["a bias"] if head.bias else []),
    ]
    if not own:
        return []
    return [
        f"With {' and '.join(own)}, the GPT2ForSequenceClassification of transformers does not give this model's logits."
    ]

"""Prepared examples, as data/<part>.safetensors holds them. No trainer knows a template: these ids are all there is."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open

from .reason import Reason


@dataclass
class Examples:
    """A row is one sequence, or two (chosen, rejected), or several (ranked answers, label words)."""

    ids: np.ndarray  # int32 [tokens], all sequences one after another
    offsets: np.ndarray  # int64 [sequences + 1]
    prompt_tokens: np.ndarray  # int32 [sequences]
    scored: np.ndarray  # uint8 [tokens], 1 where this token is a target of the loss
    labels: np.ndarray | None  # int64 [rows]
    row_offsets: np.ndarray  # int64 [rows + 1]: which sequence each row starts with
    padded_length: int | None  # None: padding is by batch
    reference: torch.Tensor | None = None  # [sequences], what a model that does not train says of each; not stored

    @property
    def rows(self) -> int:
        return len(self.row_offsets) - 1

    @property
    def sequences(self) -> int:
        return len(self.offsets) - 1

    def sequences_of(self, row: int) -> range:
        return range(self.row_offsets[row], self.row_offsets[row + 1])

    def ids_of(self, sequence: int) -> np.ndarray:
        return self.ids[self.offsets[sequence] : self.offsets[sequence + 1]]

    def scored_of(self, sequence: int) -> np.ndarray:
        return self.scored[self.offsets[sequence] : self.offsets[sequence + 1]]

    def length_of(self, sequence: int) -> int:
        return int(self.offsets[sequence + 1] - self.offsets[sequence])

    def longest_of(self, row: int) -> int:
        return max(self.length_of(sequence) for sequence in self.sequences_of(row))


def read_examples(path: Path) -> Examples:
    with safe_open(path, "np") as file:
        metadata = file.metadata() or {}
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    missing = [name for name in ("ids", "offsets", "promptTokens", "scored") if name not in tensors]
    if missing:
        raise _invalid(path, f"it has no {', '.join(missing)}")
    count = len(tensors["offsets"]) - 1
    row_offsets = tensors.get("rowOffsets")
    if row_offsets is None:
        each = metadata.get("sequencesPerRow")
        if each not in ("1", "2") or count % int(each):
            raise _invalid(path, f"sequencesPerRow is {each}, and there are {count} sequences")
        row_offsets = np.arange(0, count + 1, int(each))
    padded = metadata.get("paddedLength")
    return Examples(
        tensors["ids"],
        tensors["offsets"],
        tensors["promptTokens"],
        tensors["scored"],
        tensors.get("labels"),
        row_offsets,
        int(padded) if padded is not None else None,
    )


def _invalid(path: Path, why: str) -> Reason:
    return Reason(
        "examples-invalid",
        f'"{path}" does not hold prepared examples: {why}.',
        "Delete the run’s data folder and split.json, and prepare the run anew.",
    )


def padded(sequences: list[np.ndarray], filler: int, width: int = 0) -> torch.Tensor:
    """Filled up on the right to the longest, or to `width` where that is more: [S, T]."""
    width = max(width, *(len(sequence) for sequence in sequences))
    rows = np.full((len(sequences), width), filler, dtype=np.int64)
    for row, sequence in zip(rows, sequences):
        row[: len(sequence)] = sequence
    return torch.from_numpy(rows)

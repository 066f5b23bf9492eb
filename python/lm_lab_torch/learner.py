"""A model that learns: gradients of micro-batches, shared with the other processes, and figures without them."""

import hashlib
from dataclasses import dataclass

import torch
from torch import nn

from .batches import batched, batches_of_process
from .examples import Examples
from .methods.method import Found, Method
from .names import trained_parameters
from .optimizer import optimizer_of
from .processes import Processes


@dataclass
class Figures:
    """Sums over some rows; `sums` are the method's further figures, each the mean sum / count."""

    loss_sum: float
    units: int
    tokens: int  # padding not counted
    sums: dict[str, tuple[float, int]]
    predictions: list[int]


class LossOf(nn.Module):
    """The model with the method's loss on it: one module, so that its forward pass is what is wrapped and shared."""

    def __init__(self, model: nn.Module, method: Method):
        super().__init__()
        self.model, self.method = model, method

    def forward(self, examples: Examples, rows: list[int], training: bool) -> tuple[torch.Tensor, dict, list[int]]:
        found: Found = self.method.found(self.model, examples, rows, training)
        return found.loss, found.sums, found.predictions


class Learner:
    def __init__(self, model: nn.Module, method: Method, spec: dict, processes: Processes):
        self.model, self.method, self.spec, self.processes = model, method, spec, processes
        self.padded_width = 0  # the longest that sequences were filled up to, where that counts
        model.to(processes.device)
        self.parameters = trained_parameters(model, spec["trainable"])
        self.own_optimizer = optimizer_of(self.parameters, spec["training"])
        prepared = processes.accelerator.prepare(LossOf(model, method), self.own_optimizer)
        self.module, self.optimizer = prepared

    def step(self, examples: Examples, rows: list[int], step: int, learning_rate: float) -> tuple[list[Figures], float]:
        """
        One update from the mean over all units of the rows. Figures of every process's micro-batches, and the norm of
        the gradient before it was clipped; the same at all processes.
        """
        size, processes = self.spec["training"]["batchSize"], self.processes
        own = batches_of_process(batched(rows, size), processes.number, processes.count)
        units = self.method.units(examples, rows)
        self.module.train()
        figures = []
        for micro_batch, batch in enumerate(own):
            torch.manual_seed(self._dropout_seed(step, micro_batch))
            with processes.exchanges(self.module, now=micro_batch == len(own) - 1):
                loss, *found = self.module(examples, batch or rows[:1], True)
                # DistributedDataParallel divides by the number of processes; an empty batch takes part with loss 0.
                processes.accelerator.backward(loss * (processes.count / units if batch else 0))
            if batch:
                figures.append(self._figures(examples, batch, True, loss, *found))
        norm = self._clipped()
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        self.optimizer.step()
        self.optimizer.zero_grad()
        return processes.gathered(figures), norm

    @torch.no_grad()
    def evaluate(self, examples: Examples, rows: list[int]) -> Figures:
        """Forward alone, without dropout, by this process for itself."""
        self.model.eval()
        with self.processes.accelerator.autocast():
            found = self.method.found(self.model, examples, rows, False)
        return self._figures(examples, rows, False, found.loss, found.sums, found.predictions)

    def _clipped(self) -> float:
        largest = self.spec["training"]["maxGradientNorm"]
        limit = float("inf") if largest is None else largest
        return float(self.processes.accelerator.clip_grad_norm_(list(self.parameters.values()), limit))

    def _dropout_seed(self, step: int, micro_batch: int) -> int:
        """A run that is resumed drops what it would have dropped."""
        key = f"{self.spec['training']['seed']}/{step}/{micro_batch}/{self.processes.number}"
        return int.from_bytes(hashlib.sha256(key.encode()).digest()[:7], "little")

    def _figures(self, examples: Examples, rows, training: bool, loss: torch.Tensor, sums, predictions) -> Figures:
        sequences = self.method.sequences(examples, rows, training)
        self.padded_width = max(self.padded_width, self.method.padded_width(examples, sequences))
        tokens = sum(examples.length_of(sequence) for sequence in sequences)
        return Figures(loss.item(), self.method.units(examples, rows), tokens, sums, predictions)

"""What happens after which step, and at which learning rate. Steps are counted as they are done."""

import math
from dataclasses import dataclass

from .reason import Reason


@dataclass(frozen=True)
class Plan:
    training: dict
    steps_per_epoch: int
    total_steps: int

    def ends_epoch(self, step: int) -> bool:
        return step > 0 and step % self.steps_per_epoch == 0

    def evaluates_after(self, step: int) -> bool:
        """Before the first step, and after the last whatever the interval: a curve has its two ends."""
        return step in (0, self.total_steps) or self._due(self.training["evaluateEvery"], step)

    def checkpoints_after(self, step: int) -> bool:
        return step > 0 and self._due(self.training["checkpointEvery"], step)

    def logs(self, step: int) -> bool:
        return step % self.training["logEvery"] == 0 or step == self.total_steps or self.ends_epoch(step)

    def _due(self, every: int | str, step: int) -> bool:
        return self.ends_epoch(step) if every == "epoch" else step % every == 0


def plan_of(training: dict, rows: int, processes: int) -> Plan:
    """With P processes a step takes batchSize x accumulation x P rows."""
    size = training["batchSize"] * training["accumulation"] * processes
    per_epoch = rows // size if training["dropLast"] else math.ceil(rows / size)
    total = training["maxSteps"]
    if total is None:
        total = math.ceil(training["epochs"] * per_epoch)
    if per_epoch == 0 or total == 0:
        raise Reason(
            "no-steps",
            f"There is nothing to train on: {rows} rows for training, {size} of them a step.",
            "Give more rows, or make training.batchSize, training.accumulation or torch.processes smaller.",
        )
    return Plan(training, per_epoch, total)


_DECAYS = {
    "constant": lambda share: 1.0,
    "linear": lambda share: 1 - share,
    "cosine": lambda share: (1 + math.cos(math.pi * share)) / 2,
}


def learning_rate(training: dict, step: int, total: int) -> float:
    """Of a step counted from 0: a linear warm-up, then the decay, as transformers' get_scheduler has them."""
    rate, ratio = training["learningRate"], training["warmupRatio"]
    warmup = training["warmupSteps"] if ratio is None else math.ceil(ratio * total)
    if step < warmup:
        return rate * step / warmup
    share = min(1.0, (step - warmup) / max(1, total - warmup))
    return rate * max(0.0, _DECAYS[training["schedule"]](share))

"""What several micro-batches come to together."""

from dataclasses import dataclass

from .learner import Figures


@dataclass
class Means:
    loss: float
    units: int
    tokens: int
    others: dict[str, float]  # by the name of their metric


def means_of(batches: list[Figures]) -> Means:
    """Sums are added, and divided once at the end: a mean of means would weigh short batches as much as long ones."""
    totals: dict[str, tuple[float, int]] = {}
    for batch in batches:
        for name, (value, count) in batch.sums.items():
            so_far = totals.get(name, (0.0, 0))
            totals[name] = (so_far[0] + value, so_far[1] + count)
    units = sum(batch.units for batch in batches)
    return Means(
        sum(batch.loss_sum for batch in batches) / units,
        units,
        sum(batch.tokens for batch in batches),
        {name: value / count for name, (value, count) in totals.items()},
    )

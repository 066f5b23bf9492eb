"""The model's figures on a part of the data, with the rows shared out among the processes."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from .batches import batched
from .examples import Examples
from .figures import Means, means_of
from .learner import Learner
from .reason import Reason

# How figures are called: `evalLoss` and `evalAccuracy`, on the training rows `trainEvalLoss` and `trainAccuracy`.
NAMES = [("validation", "evalLoss", "eval"), ("train", "trainEvalLoss", "train")]

Parts = dict[str, Examples | None]


@dataclass
class Evaluated:
    means: Means
    predictions: list[int]


def evaluate_part(
    learner: Learner, examples: Examples | None, batches: int | None, goes_on: Callable[[], bool]
) -> Evaluated | None:
    """The first so many batches in file order, or all; None where there is no such part, or a stop was asked for."""
    if examples is None:
        return None
    size = learner.spec["training"]["batchSize"]
    most = examples.rows if batches is None else min(examples.rows, batches * size)
    found = learner.processes.in_turn(
        batched(list(range(most)), size), lambda rows: learner.evaluate(examples, rows), goes_on
    )
    if found is None:
        return None
    means = means_of(found)
    if not math.isfinite(means.loss):
        raise Reason(
            "loss-not-a-number",
            f"The model’s loss became {means.loss} in an evaluation.",
            "Lower training.learningRate or add a warm-up, and resume from a checkpoint or start anew.",
        )
    return Evaluated(means, [prediction for batch in found for prediction in batch.predictions])


def evaluation_figures(learner: Learner, parts: Parts, goes_on: Callable[[], bool]) -> dict[str, float] | None:
    """Under their names in metrics.jsonl; None where a stop was asked for: they are made when the run is resumed."""
    figures = {}
    for part, loss, prefix in NAMES:
        evaluated = evaluate_part(learner, parts[part], learner.spec["training"]["evaluationBatches"], goes_on)
        if evaluated is None and parts[part] is not None:
            return None
        if evaluated is None:
            continue
        figures[loss] = evaluated.means.loss
        for name, value in evaluated.means.others.items():
            figures[prefix + name[0].upper() + name[1:]] = value
    return figures

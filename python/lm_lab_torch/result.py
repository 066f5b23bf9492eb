"""result.json: the figures of all the data, at the end."""

from collections.abc import Callable

from .evaluation import Evaluated, Parts, evaluate_part
from .examples import Examples
from .files import write_json
from .learner import Learner
from .run import PARTS, Run

GoesOn = Callable[[], bool]


def evaluate_all(learner: Learner, parts: Parts, goes_on: GoesOn) -> dict[str, Evaluated] | None:
    """Of each part there is; None where a stop was asked for."""
    evaluations = {}
    for part in PARTS:
        evaluated = evaluate_part(learner, parts[part], None, goes_on)
        if evaluated is not None:
            evaluations[part] = evaluated
        elif parts[part] is not None:
            return None
    return evaluations


def write_result(
    run: Run,
    parts: Parts,
    evaluations: dict[str, Evaluated],
    state: dict,
    reason: str,
    notes: list[str],
    measured: dict,
) -> None:
    """`measured`: wallSeconds and peakMemoryBytes."""
    best, patience = state["best"], run.training["patience"]
    early = []
    if reason == "patience":
        metric = best["metric"]
        early = [f"Ended after step {state['step']}: {metric} had not improved in {patience} evaluations."]
    confusions = {
        part: _confusion(evaluated.predictions, parts[part], _labels(run.spec))
        for part, evaluated in evaluations.items()
        if evaluated.predictions and parts[part].labels is not None
    }
    metrics = {part: {"loss": each.means.loss, **each.means.others} for part, each in evaluations.items()}
    result = {
        "metrics": metrics,
        "steps": state["step"],
        **measured,
        "specHash": run.spec_hash(),
        **({"confusion": confusions} if confusions else {}),
        **({"bestStep": best["step"]} if best and run.training["keepBest"] is not None else {}),
        "notes": [*early, *notes],
    }
    write_json(run.path("result.json"), result)


def _labels(spec: dict) -> list[str]:
    """The names of the labels that prepared rows have, in their order."""
    words = spec["sft"]["labelWords"]
    return list(words) if words else spec["classification"]["labels"] or []


def _confusion(predictions: list[int], examples: Examples, labels: list[str]) -> dict:
    """How often a row of each label (down) was given each (across)."""
    counts = [[0] * len(labels) for _ in labels]
    for row, predicted in enumerate(predictions):
        counts[int(examples.labels[row])][predicted] += 1
    return {"labels": labels, "counts": counts}

"""The best evaluation so far."""

import re

from .reason import Reason

LESS_IS_BETTER = re.compile(r"(loss$|^kl$)", re.IGNORECASE)


def best_with(best: dict | None, metric: str, step: int, figures: dict[str, float]) -> dict:
    """With this evaluation counted: {metric, value, step, evaluationsSince}."""
    if metric not in figures:
        raise Reason(
            "metric-unknown",
            f'The best is chosen by "{metric}", and this run’s evaluations have no such figure.',
            f"Set training.keepBest to one of {', '.join(figures)}.",
        )
    value = figures[metric]
    sign = -1 if LESS_IS_BETTER.search(metric) else 1
    if best and sign * value <= sign * best["value"]:
        return {**best, "evaluationsSince": best["evaluationsSince"] + 1}
    return {"metric": metric, "value": value, "step": step, "evaluationsSince": 0}

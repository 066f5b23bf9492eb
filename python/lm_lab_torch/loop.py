"""The training loop: it knows no method by name, and writes no file. What happens is told, in order."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .batches import order_of_epoch
from .best import best_with
from .evaluation import Parts, evaluation_figures
from .figures import Means, means_of
from .learner import Learner
from .plan import Plan, learning_rate
from .reason import Reason
from .stop import Stop

# How far a run has come, as a checkpoint's state.json has it: with parameters and moments, all that it takes to go on.
BEGINNING = {
    "step": 0,
    "examplesSeen": 0,
    "tokensSeen": 0,
    "elapsedSeconds": 0.0,  # of all sessions of the run
    "tokensPerSecond": 0.0,  # of the last step
    "epochLossSum": 0.0,
    "epochLossSteps": 0,
    "evaluatedStep": None,  # after which the last evaluation was made
    "best": None,
    "kept": {},  # what a method keeps from step to step: none of those here does
}


@dataclass
class Event:
    """`kind`: step, evaluation, best (the evaluation just told was the best so far), checkpoint, or the end."""

    kind: str
    state: dict
    line: dict | None = None
    samples: list[dict] | None = None
    reason: str = ""  # of the end: finished, patience or stopped


class Training:
    def __init__(
        self, learner: Learner, plan: Plan, parts: Parts, state: dict, sample: Callable[[int], list[dict]], stop: Stop
    ):
        self.learner, self.plan, self.parts, self.stop, self.sample = learner, plan, parts, stop, sample
        self.training = plan.training
        self.state = state
        self.before, self.started = state["elapsedSeconds"], time.perf_counter()
        self.epoch, self.order = -1, []

    def elapsed(self) -> float:
        """Seconds in all sessions of the run."""
        return self.before + time.perf_counter() - self.started

    def events(self) -> Iterator[Event]:
        """Whoever consumes them has written an event down before the loop goes on."""
        patience = self.training["patience"]
        saved_step = self.state["step"] or None
        while True:
            if self.plan.evaluates_after(self.state["step"]) and self.state["evaluatedStep"] != self.state["step"]:
                yield from self._evaluation()
            best = self.state["best"]
            out = patience is not None and best is not None and best["evaluationsSince"] >= patience
            stopped = not self.stop.goes_on()
            due = stopped or self.plan.checkpoints_after(self.state["step"])
            if due and saved_step != self.state["step"]:
                saved_step = self.state["step"]
                yield Event("checkpoint", self.state)
            if stopped or out or self.state["step"] >= self.plan.total_steps:
                reason = "stopped" if stopped else "patience" if out else "finished"
                yield Event("end", self.state, reason=reason)
                return
            yield self._step()

    def _evaluation(self) -> Iterator[Event]:
        step = self.state["step"]
        figures = evaluation_figures(self.learner, self.parts, self.stop.goes_on)
        if figures is None:
            return
        keep, patience = self.training["keepBest"], self.training["patience"]
        metric = keep or (None if patience is None else "evalLoss")
        best = None if metric is None else best_with(self.state["best"], metric, step, figures)
        samples = self.sample(step)
        self.state = {**self.state, "evaluatedStep": step, "best": best, "elapsedSeconds": self.elapsed()}
        yield Event("evaluation", self.state, {**self._line(), **figures}, samples)
        if keep is not None and best is not None and best["step"] == step:
            yield Event("best", self.state)

    def _step(self) -> Event:
        begun, step = self.elapsed(), self.state["step"] + 1
        rows = self._rows(step - 1)
        rate = learning_rate(self.training, step - 1, self.plan.total_steps)
        found, norm = self.learner.step(self.parts["train"], rows, step, rate)
        means = means_of(found)
        self._require_finite(step, means.loss, norm)
        elapsed = self.elapsed()
        self.state = {
            **self.state,
            "step": step,
            "examplesSeen": self.state["examplesSeen"] + len(rows),
            "tokensSeen": self.state["tokensSeen"] + means.tokens,
            "elapsedSeconds": elapsed,
            "tokensPerSecond": means.tokens / max(elapsed - begun, 1e-9),
            "epochLossSum": self.state["epochLossSum"] + means.loss,
            "epochLossSteps": self.state["epochLossSteps"] + 1,
        }
        return Event("step", self.state, self._step_line(step, means, rate, norm))

    def _step_line(self, step: int, means: Means, rate: float, norm: float) -> dict | None:
        """None where the step is not one to be logged. An epoch's mean stands in the line of its last step."""
        figures = {"loss": means.loss, "learningRate": rate, "gradientNorm": norm, **means.others}
        line = {**self._line(), **figures}
        if self.plan.ends_epoch(step):
            line["epochLoss"] = self.state["epochLossSum"] / self.state["epochLossSteps"]
            self.state = {**self.state, "epochLossSum": 0.0, "epochLossSteps": 0}
        return line if self.plan.logs(step) else None

    def _rows(self, step: int) -> list[int]:
        """Of a step counted from 0. The order of an epoch is made once."""
        epoch, within = divmod(step, self.plan.steps_per_epoch)
        if epoch != self.epoch:
            self.epoch, self.order = epoch, order_of_epoch(self.parts["train"], epoch, self.training)
        size = self.training["batchSize"] * self.training["accumulation"] * self.learner.processes.count
        return self.order[within * size : (within + 1) * size]

    def _line(self) -> dict:
        names = ["examplesSeen", "tokensSeen", "elapsedSeconds", "tokensPerSecond"]
        step = self.state["step"]
        return {
            "step": step,
            "epoch": step / self.plan.steps_per_epoch,
            **{name: self.state[name] for name in names},
        }

    def _require_finite(self, step: int, loss: float, norm: float) -> None:
        scaled = self.learner.spec["precision"] == "f16"  # where a gradient that is none has its step left out
        for what, value in {"loss": loss, "gradient norm": 0.0 if scaled else norm}.items():
            if not math.isfinite(value):
                raise Reason(
                    "loss-not-a-number",
                    f"The {what} of step {step} is {value}.",
                    "Lower training.learningRate, add a warm-up or set training.maxGradientNorm, and start again.",
                )

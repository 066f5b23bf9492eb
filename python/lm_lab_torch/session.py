"""Trains a prepared run from its newest checkpoint to its end, and writes it all down."""

from dataclasses import dataclass
from pathlib import Path

from . import checkpoints
from .evaluation import Parts
from .examples import read_examples
from .files import append_lines, cut_lines, write_folder
from .heads import head_of, notes_on
from .learner import Learner
from .loop import BEGINNING, Event, Training
from .memory import peak_memory_bytes
from .methods import method_of
from .model import let_train, open_model, padding_id
from .optimizer import restore_moments
from .plan import Plan, plan_of
from .processes import Processes
from .reference import ask_reference
from .result import evaluate_all, write_result
from .run import PARTS, Run
from .samples import open_tokenizer, samples
from .saving import Saver, restore
from .stop import Stop
from .telling import tell


@dataclass
class Session:
    """What all that is written down is made of."""

    run: Run
    processes: Processes
    learner: Learner
    saver: Saver
    plan: Plan
    parts: Parts
    peak_before: int

    def padded(self) -> int | None:
        """Where the padded end is what is read: the length that sequences were filled up to, at all processes."""
        own = max(self.learner.padded_width, (self.saver.config.get("lm_lab") or {}).get("paddedLength") or 0)
        return max(self.processes.gathered([own])) or None

    def peak(self) -> int:
        return max(self.peak_before, *self.processes.gathered([peak_memory_bytes()]))

    def save_model(self, name: str) -> None:
        padded = self.padded()
        if self.processes.is_main:
            write_folder(self.run.path(name), lambda folder: self.saver.save(self.learner.model, padded, folder))

    def save_checkpoint(self, state: dict) -> None:
        padded, peak = self.padded(), self.peak()
        if self.processes.is_main:
            checkpoints.save_checkpoint(self.run, self.learner, self.saver, self.plan, state, padded, peak)
            tell(log=f"Saved the checkpoint of step {state['step']}.")


def train_run(run: Run, processes: Processes) -> None:
    processes.require_same_examples(run.data_hash())
    state = processes.from_main(_rewind(run) if processes.is_main else None)
    stop = Stop(run.folder, processes)
    head = head_of(run.spec)
    parts = read_parts(run)
    plan = plan_of(run.training, parts["train"].rows, processes.count)
    folder = _starting_folder(run, state)
    padding = padding_id(folder)
    method = method_of(run.spec, head, padding)
    asked = ask_reference(run, method, parts, processes, stop.goes_on)
    model = open_model(run.spec, head, folder)
    let_train(model, run.spec["trainable"], run.training["seed"])
    if state and processes.is_main:
        restore(model, run.spec["trainable"], checkpoints.folder_of(run, state["step"]))
    learner = Learner(model, method, run.spec, processes)
    if state:
        _restore_moments(run, learner, state)
    saver = Saver(folder, run.spec, head, padding)
    peak_before = state["peakMemoryBytes"] if state else 0
    session = Session(run, processes, learner, saver, plan, parts, peak_before)
    if not asked:
        return _end_before(session, state)
    _tell_start(session, state)
    sample = _sampler(session, folder)
    training = Training(learner, plan, parts, _only_state(state), sample, stop)
    for event in training.events():
        _write_down(session, event)
    _end(session, training, event, stop)


def _end_before(session: Session, state: dict | None) -> None:
    """Stopped before a step was taken: the model is the one that the next start goes on from."""
    session.save_model("model")
    if session.processes.is_main:
        tell(state="stopped", step=state["step"] if state else 0)


def read_parts(run: Run) -> Parts:
    return {part: read_examples(run.data_file(part)) if run.data_file(part).exists() else None for part in PARTS}


def _rewind(run: Run) -> dict | None:
    """Cuts off what an earlier trainer told after its newest checkpoint, whose state is returned."""
    state = checkpoints.newest_state(run)
    step = state["step"] if state else 0
    evaluated = state is not None and state["evaluatedStep"] == step

    def keeps(line: dict) -> bool:
        return line["step"] < step or (line["step"] == step and (evaluated or "loss" in line))

    cut_lines(run.path("metrics.jsonl"), keeps)
    cut_lines(run.path("samples.jsonl"), lambda line: line["step"] < step or (line["step"] == step and evaluated))
    return state


def _starting_folder(run: Run, state: dict | None) -> Path:
    """The model of the request; where it is gone, a checkpoint that is a whole model stands in for it."""
    model = run.model_folder(run.spec["model"])
    if state is None or model.exists():
        return model
    saved = checkpoints.folder_of(run, state["step"])
    return saved if (saved / "model.safetensors").exists() else model


def _restore_moments(run: Run, learner: Learner, state: dict) -> None:
    file = checkpoints.folder_of(run, state["step"]) / checkpoints.OPTIMIZER
    restore_moments(learner.own_optimizer, learner.parameters, run.training, state["step"], file, learner.processes)


def _only_state(state: dict | None) -> dict:
    return {name: (state or {}).get(name, beginning) for name, beginning in BEGINNING.items()}


def _tell_start(session: Session, state: dict | None) -> None:
    if not session.processes.is_main:
        return
    count, step, total = session.processes.count, state["step"] if state else 0, session.plan.total_steps
    device = str(session.processes.device)
    device = device if count == 1 else f"{session.processes.device.type}, {count} processes"
    tell(state="running", step=step, totalSteps=total, device=device)
    tell(log=f"{f'Goes on after step {step}' if step else 'Starts'}: {total} steps on {device}.")


def _sampler(session: Session, folder: Path):
    """What the model writes, by the main process alone; a model that scores writes nothing."""
    if session.saver.head is not None or not session.processes.is_main:
        return lambda step: []
    tokenizer = open_tokenizer(folder)
    examples = session.parts["validation"] or session.parts["train"]
    return lambda step: samples(session.learner.model, tokenizer, examples, step)


def _write_down(session: Session, event: Event) -> None:
    """Everything told before a checkpoint is in the files by then."""
    run, main = session.run, session.processes.is_main
    if event.kind == "best":
        session.save_model("best")
    elif event.kind == "checkpoint":
        session.save_checkpoint(event.state)
    elif main and event.line:
        append_lines(run.path("samples.jsonl"), event.samples or [])
        append_lines(run.path("metrics.jsonl"), [event.line])
    if main and event.kind == "step":
        tell(step=event.state["step"])


def _end(session: Session, training: Training, ending: Event, stop: Stop) -> None:
    """The model, and where the run came to its end the figures of all its data."""
    run, state = session.run, ending.state
    session.save_model("model")
    stopped = ending.reason == "stopped"
    evaluations = None if stopped else evaluate_all(session.learner, session.parts, stop.goes_on)
    peak = session.peak()
    if evaluations is None:
        newest = session.processes.from_main(checkpoints.newest_state(run) if session.processes.is_main else None)
        if not newest or newest["step"] != state["step"]:
            session.save_checkpoint(state)
    if not session.processes.is_main:
        return
    if evaluations is not None:
        measured = {"wallSeconds": training.elapsed(), "peakMemoryBytes": peak}
        write_result(run, session.parts, evaluations, state, ending.reason, notes_on(session.saver.head), measured)
    ended = "stopped" if evaluations is None else "finished"
    tell(log=f"{ended.capitalize()} after step {state['step']}.")
    tell(state=ended, step=state["step"])

"""Checkpoints of a run: a model folder or an adapter, the optimizer's memory, and how far the run has come."""

import re
from pathlib import Path

from .files import delete_folder, read_json, write_folder, write_json
from .learner import Learner
from .optimizer import save_moments
from .plan import Plan
from .reason import Reason
from .run import Run
from .saving import Saver

OPTIMIZER, STATE = "optimizer.safetensors", "state.json"


def folder_of(run: Run, step: int) -> Path:
    return run.path("checkpoints", f"step-{step:06d}")


def steps_of(run: Run) -> list[int]:
    """Steps after which a checkpoint stands there, rising."""
    folder = run.path("checkpoints")
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(int(match[1]) for name in names if (match := re.fullmatch(r"step-(\d+)", name)))


def newest_state(run: Run) -> dict | None:
    """None where there is no checkpoint yet."""
    steps = steps_of(run)
    if not steps:
        return None
    folder = folder_of(run, steps[-1])
    state = read_json(folder / STATE)
    if not isinstance(state, dict):
        raise Reason(
            "checkpoint-unreadable",
            f'The checkpoint "{folder}" can’t be read: it has no whole {STATE}.',
            "Delete this checkpoint’s folder to go on from the one before it, or start the run anew.",
        )
    return state


def save_checkpoint(
    run: Run, learner: Learner, saver: Saver, plan: Plan, state: dict, padded: int | None, peak: int
) -> None:
    """Then deletes all but the newest ones that are to be kept."""
    seed, step = run.training["seed"], state["step"]
    epoch, step_of_epoch = divmod(step, plan.steps_per_epoch)
    whole = {
        **state,
        "dataOrder": {"seed": seed, "epoch": epoch, "stepOfEpoch": step_of_epoch},
        "randomState": {"seed": seed, "step": step},
        "peakMemoryBytes": peak,
    }

    def write(folder: Path) -> None:
        saver.save(learner.model, padded, folder)
        save_moments(learner.own_optimizer, learner.parameters, run.training, folder / OPTIMIZER)
        write_json(folder / STATE, whole)

    write_folder(folder_of(run, step), write)
    for old in steps_of(run)[: -max(1, run.training["keepCheckpoints"])]:
        delete_folder(folder_of(run, old))

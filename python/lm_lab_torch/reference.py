"""What a model that does not train says of the examples, where the method compares with one."""

from collections.abc import Callable
from pathlib import Path

import torch
from transformers import GPT2Config

from .batches import batched
from .evaluation import Parts
from .methods.method import Method
from .methods.scored_tokens import sequence_losses
from .model import open_language_model, read_config
from .processes import Processes
from .reason import Reason
from .run import Run
from .telling import tell


def ask_reference(run: Run, method: Method, parts: Parts, processes: Processes, goes_on: Callable[[], bool]) -> bool:
    """
    Once, before the first step: the log-probability of every sequence's scored tokens, in `reference` of the examples.
    The model is gone again on return. A run that is resumed asks again. False where a stop was asked for.
    """
    if not method.compares:
        return True
    model = _reference_model(run).to(processes.device)
    size, total, asked = run.training["batchSize"], sum(part.rows for part in parts.values() if part), 0
    for examples in [part for part in parts.values() if part]:

        def logps(sequences: list[int], examples=examples) -> list[float]:
            with torch.no_grad(), processes.accelerator.autocast():
                return (-sequence_losses(model, examples, sequences)[0]).tolist()

        numbers = processes.in_turn(batched(list(range(examples.sequences)), 2 * size), logps, goes_on)
        if numbers is None:
            return False
        examples.reference = torch.tensor([number for batch in numbers for number in batch])
        asked += examples.rows
        if processes.is_main:
            tell(preparing={"message": "Asking the reference model", "done": asked, "total": total})
    return True


def _reference_model(run: Run) -> torch.nn.Module:
    started = run.model_folder(run.spec["model"])
    own = run.spec["dpo"]["reference"]
    folder = run.model_folder(own) if own else started
    if not folder.exists():
        raise Reason(
            "reference-missing",
            f'dpo compares with a model that is not there: "{folder}".',
            "Put it back; a run that has begun can then be gone on with.",
        )
    model = open_language_model({**run.spec, **({"initialize": "weights"} if own else {})}, folder)
    if own:
        _require_fitting(folder, model.config, read_config(started))
    return model


def _require_fitting(folder: Path, config: GPT2Config, needed: dict) -> None:
    vocabulary, positions = needed.get("vocab_size", 50257), needed.get("n_positions", 1024)
    if config.vocab_size != vocabulary or config.n_positions < positions:
        raise Reason(
            "reference-unfit",
            f'dpo.reference, "{folder}", has {config.vocab_size} tokens in its vocabulary and {config.n_positions} '
            f"in its context; the model has {vocabulary} and {positions}.",
            "Take a reference of the same family, or leave it out: it is then the model that training starts from.",
        )

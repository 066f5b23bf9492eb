"""Training as contracts say, in plain PyTorch: batches in file order, the mean over all that a step scores."""

import itertools
import math
from dataclasses import dataclass

import torch
from torch.nn.functional import cross_entropy
from transformers import get_scheduler

from examples import END, Examples

EVALUATED = [("validation", "evalLoss", "evalAccuracy"), ("train", "trainEvalLoss", "trainAccuracy")]


@dataclass
class Sums:
    """Over some rows: of losses, of what they are a mean over, and of rows whose label was found."""

    loss: torch.Tensor
    units: int
    right: int | None = None


def train(model: torch.nn.Module, parts: dict[str, Examples], run: dict) -> dict:
    settings, examples = run["training"], parts["train"]
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = optimizer_of(parameters, settings)
    scheduler = scheduler_of(optimizer, settings)
    score = classified if run["method"] == "classification" else scored_tokens
    model.train()
    steps, evaluations = [], [evaluation(0, model, parts, settings, score)]
    for step, rows in enumerate(itertools.islice(steps_of(examples.rows, settings), settings["maxSteps"]), start=1):
        loss, units, right = accumulate(model, examples, rows, settings, score)
        gradient_norm = clip(parameters, settings["maxGradientNorm"])
        figures = {"loss": loss, "learningRate": scheduler.get_last_lr()[0], "gradientNorm": gradient_norm}
        steps.append(figures if right is None else {**figures, "accuracy": right / units})
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
        if step % settings["evaluateEvery"] == 0:
            evaluations.append(evaluation(step, model, parts, settings, score))
    return {"steps": steps, "evaluations": evaluations}


def steps_of(count: int, settings: dict):
    """Row numbers of each step, epoch after epoch."""
    size = settings["batchSize"] * settings["accumulation"]
    per_epoch = count // size if settings["dropLast"] else math.ceil(count / size)
    while True:
        for step in range(per_epoch):
            yield list(range(step * size, min(count, (step + 1) * size)))


def micro_batches(rows: list[int], size: int) -> list[list[int]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def accumulate(model, examples: Examples, rows: list[int], settings: dict, score) -> tuple[float, int, int | None]:
    """The step's gradient stays in the parameters: of the sum of all losses over the number of all units."""
    batches = micro_batches(rows, settings["batchSize"])
    with torch.no_grad():
        units = sum(score(model, examples, batch).units for batch in batches)
    loss, right = 0.0, []
    for batch in batches:
        sums = score(model, examples, batch)
        (sums.loss / units).backward()
        loss += sums.loss.item() / units
        right += [] if sums.right is None else [sums.right]
    return loss, units, sum(right) if right and score is classified else None


def evaluation(step: int, model, parts: dict[str, Examples], settings: dict, score) -> dict:
    figures = {"step": step}
    for part, loss_name, accuracy_name in EVALUATED:
        examples = parts[part]
        with torch.no_grad():
            batches = micro_batches(list(range(examples.rows)), settings["batchSize"])
            sums = [score(model, examples, rows) for rows in batches]
        figures[loss_name] = sum(each.loss.item() for each in sums) / sum(each.units for each in sums)
        if examples.labels is not None:
            figures[accuracy_name] = sum(each.right for each in sums) / examples.rows
    return figures


def scored_tokens(model, examples: Examples, rows: list[int]) -> Sums:
    """Of label words only the row's own sequence trains; the word of the largest sum is the one predicted."""
    sequences = [n for row in rows for n in range(examples.row_offsets[row], examples.row_offsets[row + 1])]
    ids, lengths = padded([examples.sequences[n] for n in sequences], None)
    scored, _ = padded([examples.scored[n] for n in sequences], None)
    logits = model(ids, lengths)  # [S, T, V]
    losses = cross_entropy(logits[:, :-1].transpose(1, 2), ids[:, 1:], reduction="none")  # [S, T - 1]
    targets = scored[:, 1:] == 1
    sums = (losses * targets).sum(1)  # [S]
    if examples.labels is None:
        return Sums(sums.sum(), int(targets.sum()))
    labels = torch.tensor([examples.labels[row] for row in rows])
    by_word = sums.view(len(rows), -1)  # [R, words]
    trained = by_word.gather(1, labels[:, None]).sum()
    units = targets.sum(1).view(len(rows), -1).gather(1, labels[:, None]).sum()
    return Sums(trained, int(units), int((by_word.argmin(1) == labels).sum()))


def classified(model, examples: Examples, rows: list[int]) -> Sums:
    ids, lengths = padded([examples.sequences[row] for row in rows], examples.padded_length)
    labels = torch.tensor([examples.labels[row] for row in rows])
    logits = model(ids, lengths)  # [R, labels]
    return Sums(cross_entropy(logits, labels, reduction="sum"), len(rows), int((logits.argmax(1) == labels).sum()))


def padded(sequences: list[list[int]], length: int | None) -> tuple[torch.Tensor, torch.Tensor]:
    """On the right, to the longest or to a length: [R, T] and [R]."""
    lengths = [len(sequence) for sequence in sequences]
    width = length or max(lengths)
    rows = [[*sequence, *[END] * (width - len(sequence))] for sequence in sequences]
    return torch.tensor(rows), torch.tensor(lengths)


def optimizer_of(parameters: list[torch.nn.Parameter], settings: dict) -> torch.optim.Optimizer:
    def decays(parameter: torch.nn.Parameter) -> bool:
        return settings["decay"] == "all" or parameter.dim() >= 2

    groups = [
        {"params": [p for p in parameters if decays(p)], "weight_decay": settings["weightDecay"]},
        {"params": [p for p in parameters if not decays(p)], "weight_decay": 0.0},
    ]
    if settings["optimizer"] == "sgd":
        return torch.optim.SGD(groups, lr=settings["learningRate"], momentum=settings["momentum"])
    betas = tuple(settings["betas"])
    return torch.optim.AdamW(groups, lr=settings["learningRate"], betas=betas, eps=settings["epsilon"])


def scheduler_of(optimizer: torch.optim.Optimizer, settings: dict):
    total, ratio = settings["maxSteps"], settings["warmupRatio"]
    warmup = settings["warmupSteps"] if ratio is None else math.ceil(ratio * total)
    name = "constant_with_warmup" if settings["schedule"] == "constant" else settings["schedule"]
    return get_scheduler(name, optimizer, num_warmup_steps=warmup, num_training_steps=total)


def clip(parameters: list[torch.nn.Parameter], largest: float | None) -> float:
    """The norm before clipping."""
    return torch.nn.utils.clip_grad_norm_(parameters, math.inf if largest is None else largest).item()

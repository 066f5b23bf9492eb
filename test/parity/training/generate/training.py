"""Training as contracts say, in plain PyTorch: batches in file order, the mean over all that a step scores."""

import itertools
import math

import torch
from transformers import get_scheduler

from examples import Examples
from losses import Sums, scorer

EVALUATED = [("validation", "evalLoss", "eval"), ("train", "trainEvalLoss", "train")]


def train(model: torch.nn.Module, parts: dict[str, Examples], run: dict, reference=None) -> dict:
    settings, examples = run["training"], parts["train"]
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = optimizer_of(parameters, settings)
    scheduler = scheduler_of(optimizer, settings)
    score = scorer(run, reference, parts)
    model.train()
    steps, evaluations = [], [evaluation(0, model, parts, settings, score)]
    for step, rows in enumerate(itertools.islice(steps_of(examples.rows, settings), settings["maxSteps"]), start=1):
        loss, others = accumulate(model, examples, rows, settings, score)
        gradient_norm = clip(parameters, settings["maxGradientNorm"])
        figures = {"loss": loss, "learningRate": scheduler.get_last_lr()[0], "gradientNorm": gradient_norm}
        steps.append({**figures, **others})
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


def accumulate(model, examples: Examples, rows: list[int], settings: dict, score) -> tuple[float, dict]:
    """The step's gradient stays in the parameters: of the sum of all losses over the number of all units."""
    batches = micro_batches(rows, settings["batchSize"])
    with torch.no_grad():
        units = sum(score(model, examples, batch).units for batch in batches)
    results = []
    for batch in batches:
        results.append(score(model, examples, batch))
        (results[-1].loss / units).backward()
    return sum(each.loss.item() for each in results) / units, means(results, len(rows))


def evaluation(step: int, model, parts: dict[str, Examples], settings: dict, score) -> dict:
    figures = {"step": step}
    for part, loss_name, prefix in EVALUATED:
        examples = parts[part]
        with torch.no_grad():
            batches = micro_batches(list(range(examples.rows)), settings["batchSize"])
            sums = [score(model, examples, rows) for rows in batches]
        figures[loss_name] = sum(each.loss.item() for each in sums) / sum(each.units for each in sums)
        for name, value in means(sums, examples.rows).items():
            figures[prefix + name[0].upper() + name[1:]] = value
    return figures


def means(sums: list[Sums], rows: int) -> dict[str, float]:
    return {name: sum(each.figures[name] for each in sums) / rows for name in sums[0].figures}


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

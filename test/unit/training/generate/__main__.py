"""Fixtures of schedules, optimizers and clipping, from PyTorch and transformers: python test/unit/training/generate"""

import json
import math
from pathlib import Path

import torch
from transformers import get_scheduler

FIXTURES = Path(__file__).parent.parent / "fixtures"
STEPS = 12
RATE = 0.1

SCHEDULES = [
    {"schedule": name, "warmupSteps": steps, "warmupRatio": ratio}
    for name in ["constant", "linear", "cosine"]
    for steps, ratio in [(0, None), (4, None), (0, 0.3), (12, None)]
]

PLAIN = {"optimizer": "adamw", "momentum": 0, "betas": [0.9, 0.999], "epsilon": 1e-8, "weightDecay": 0, "decay": "matrices"}
OPTIMIZERS = [
    PLAIN,
    {**PLAIN, "weightDecay": 0.5},
    {**PLAIN, "weightDecay": 0.5, "decay": "all"},
    {**PLAIN, "betas": [0.5, 0.9], "epsilon": 0.1, "weightDecay": 0.1},
    {**PLAIN, "optimizer": "sgd"},
    {**PLAIN, "optimizer": "sgd", "weightDecay": 0.5, "decay": "all"},
    {**PLAIN, "optimizer": "sgd", "momentum": 0.9},
    {**PLAIN, "optimizer": "sgd", "momentum": 0.9, "weightDecay": 0.5},
]


def schedule(spec: dict) -> dict:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)
    ratio = spec["warmupRatio"]
    warmup = spec["warmupSteps"] if ratio is None else math.ceil(ratio * STEPS)
    name = "constant_with_warmup" if spec["schedule"] == "constant" else spec["schedule"]
    scheduler = get_scheduler(name, optimizer, num_warmup_steps=warmup, num_training_steps=STEPS)
    rates = []
    for _ in range(STEPS):
        rates.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return {"spec": {"learningRate": RATE, **spec}, "totalSteps": STEPS, "rates": rates}


def optimizer(spec: dict) -> dict:
    """A matrix and a bias over five updates whose gradients are clipped to a norm of 1."""
    random = torch.Generator().manual_seed(1)
    parameters = [torch.nn.Parameter(torch.randn(shape, generator=random)) for shape in [(2, 3), (3,)]]
    starts = [parameter.tolist() for parameter in parameters]
    decays = [spec["weightDecay"] if spec["decay"] == "all" or p.dim() >= 2 else 0 for p in parameters]
    groups = [{"params": [p], "weight_decay": decay} for p, decay in zip(parameters, decays)]
    if spec["optimizer"] == "sgd":
        optimizer = torch.optim.SGD(groups, lr=RATE, momentum=spec["momentum"])
    else:
        optimizer = torch.optim.AdamW(groups, lr=RATE, betas=tuple(spec["betas"]), eps=spec["epsilon"])
    updates = []
    for scale in [1, 0.1, 3, 0, 1]:
        gradients = [scale * torch.randn(p.shape, generator=random) for p in parameters]
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient.clone()
        norm = torch.nn.utils.clip_grad_norm_(parameters, 1).item()
        optimizer.step()
        updates.append(
            {
                "gradients": [gradient.tolist() for gradient in gradients],
                "norm": norm,
                "values": [parameter.tolist() for parameter in parameters],
            }
        )
    names = ["exp_avg", "exp_avg_sq", "momentum_buffer"]
    moments = {
        f"{name}.{index}": optimizer.state[parameter][name].tolist()
        for index, parameter in enumerate(parameters)
        for name in names
        if optimizer.state[parameter].get(name) is not None
    }
    return {"spec": spec, "learningRate": RATE, "starts": starts, "updates": updates, "moments": moments}


def write(name: str, cases: list[dict]) -> None:
    FIXTURES.mkdir(exist_ok=True)
    (FIXTURES / f"{name}.json").write_text(json.dumps(cases, indent=1) + "\n")


write("schedules", [schedule(spec) for spec in SCHEDULES])
write("optimizers", [optimizer(spec) for spec in OPTIMIZERS])

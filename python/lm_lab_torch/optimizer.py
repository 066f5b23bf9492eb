"""PyTorch's optimizers, and their memory as optimizer.safetensors has it: `exp_avg.<parameter>`."""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from .processes import Processes
from .reason import Reason

MOMENTS = {"adamw": ["exp_avg", "exp_avg_sq"], "sgd": ["momentum_buffer"]}


def optimizer_of(parameters: dict[str, nn.Parameter], training: dict) -> torch.optim.Optimizer:
    """Biases and the scales of norms do not decay unless all decay."""

    def decays(parameter: nn.Parameter) -> bool:
        return training["decay"] == "all" or parameter.dim() >= 2

    groups = [
        {"params": [p for p in parameters.values() if decays(p)], "weight_decay": training["weightDecay"]},
        {"params": [p for p in parameters.values() if not decays(p)], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    rate = training["learningRate"]
    if training["optimizer"] == "sgd":
        return torch.optim.SGD(groups, lr=rate, momentum=training["momentum"])
    return torch.optim.AdamW(groups, lr=rate, betas=tuple(training["betas"]), eps=training["epsilon"])


def _kinds(training: dict) -> list[str]:
    if training["optimizer"] == "sgd" and training["momentum"] == 0:
        return []
    return MOMENTS[training["optimizer"]]


def save_moments(
    optimizer: torch.optim.Optimizer, parameters: dict[str, nn.Parameter], training: dict, path: Path
) -> None:
    """A parameter that no step has reached yet has moments of zero."""
    tensors = {}
    for kind in _kinds(training):
        for name, parameter in parameters.items():
            moment = optimizer.state[parameter].get(kind)
            moment = torch.zeros_like(parameter) if moment is None else moment
            tensors[f"{kind}.{name}"] = moment.detach().float().cpu().contiguous()
    save_file(tensors, path)


def restore_moments(
    optimizer: torch.optim.Optimizer,
    parameters: dict[str, nn.Parameter],
    training: dict,
    step: int,
    path: Path,
    processes: Processes,
) -> None:
    """What the optimizer remembered after a step, read by the main process and given to the others."""
    saved = load_file(path) if processes.is_main else {}
    missing = [f"{k}.{n}" for k in _kinds(training) for n in parameters if f"{k}.{n}" not in saved]
    if processes.is_main and missing:
        raise Reason(
            "checkpoint-unreadable",
            f'"{path}" has no tensor "{missing[0]}".',
            "Delete this checkpoint’s folder to go on from the one before it, or start the run anew.",
        )
    for name, parameter in parameters.items():
        state = {"step": torch.tensor(float(step))} if training["optimizer"] == "adamw" else {}
        for kind in _kinds(training):
            moment = torch.zeros_like(parameter)
            if processes.is_main:
                moment.copy_(saved[f"{kind}.{name}"])
            processes.tensor_from_main(moment)
            state[kind] = moment
        if state:
            optimizer.state[parameter] = state

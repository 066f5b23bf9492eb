"""The processes that train together, with Accelerate."""

import os
import socket
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any, TypeVar

import torch
from accelerate import Accelerator
from accelerate.utils import (
    DistributedType,
    InitProcessGroupKwargs,
    broadcast,
    broadcast_object_list,
    gather_object,
)

from .reason import Reason

Item = TypeVar("Item")
Made = TypeVar("Made")

ALIKE_ON_ALL = [DistributedType.NO, DistributedType.MULTI_CPU, DistributedType.MULTI_GPU]
MIXED = {"f32": "no", "f16": "fp16", "bf16": "bf16"}


class Processes:
    """This process among the others. What all of them call, in the same order, waits for the last."""

    def __init__(self, spec: dict, timeout_seconds: float):
        self.accelerator = _accelerator(spec, timeout_seconds)
        self.number: int = self.accelerator.process_index
        self.count: int = self.accelerator.num_processes
        self.is_main: bool = self.accelerator.is_main_process
        self.device: torch.device = self.accelerator.device

    def gathered(self, own: list[Item]) -> list[Item]:
        """Everyone's, in the order of their numbers."""
        return gather_object(own) if self.count > 1 else own

    def from_main(self, value: Any) -> Any:
        """The main process's value, at all of them."""
        return broadcast_object_list([value])[0] if self.count > 1 else value

    def tensor_from_main(self, tensor: torch.Tensor) -> None:
        """In place."""
        if self.count > 1:
            tensor.copy_(broadcast(tensor))

    def in_turn(
        self, items: list[Item], make: Callable[[Item], Made], goes_on: Callable[[], bool]
    ) -> list[Made] | None:
        """
        What is made of each item, in their order, at all processes; each makes its share. `goes_on` is asked before
        each round, everywhere alike; None where it says no.
        """
        made = []
        for start in range(0, len(items), self.count):
            if not goes_on():
                return None
            place = start + self.number
            if place < len(items):
                made.append((place, make(items[place])))
        return [each for _, each in sorted(self.gathered(made), key=lambda pair: pair[0])]

    def exchanges(self, module: torch.nn.Module, now: bool):
        """Whether a backward pass within it exchanges gradients: once a step is enough."""
        return nullcontext() if now else self.accelerator.no_sync(module)

    def require_same_examples(self, digest: str) -> None:
        hosts = self.gathered([(digest, socket.gethostname(), self.number)])
        differing = [f"process {number} on {host}" for other, host, number in hosts if other != hosts[0][0]]
        if differing:
            raise Reason(
                "examples-differ",
                f"run.json or the examples are not those of process 0 on {hosts[0][1]}: {', '.join(differing)}.",
                "Give all machines the same run folder by a shared file system, or copy it to each anew.",
            )


def _accelerator(spec: dict, timeout_seconds: float) -> Accelerator:
    device = spec["device"]
    gpu = torch.cuda.is_available() and device != "cpu"
    if device.startswith("cuda") and not gpu:
        raise Reason(
            "device-missing",
            f'device is "{device}", and PyTorch sees no GPU here (torch {torch.__version__}).',
            "Install a PyTorch that is built for this machine’s GPU and driver, or set device to auto or cpu.",
        )
    if spec["precision"] != "f32" and not gpu:
        raise Reason(
            "precision-unsupported",
            f'precision is "{spec["precision"]}", and half precision is for CUDA only.',
            "Set precision to f32, or train on a machine with a GPU.",
        )
    local = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    if gpu and local > torch.cuda.device_count():
        raise Reason(
            "devices-too-few",
            f"{local} processes are to train on this machine, and it has {torch.cuda.device_count()} GPUs.",
            "Set torch.processes to as many GPUs as there are on all machines, or device to cpu.",
        )
    accelerator = Accelerator(
        cpu=device == "cpu",
        mixed_precision=MIXED[spec["precision"]],
        kwargs_handlers=[InitProcessGroupKwargs(timeout=timedelta(seconds=timeout_seconds))],
    )
    if accelerator.distributed_type not in ALIKE_ON_ALL:
        raise Reason(
            "distribution-unsupported",
            f"Accelerate is set up for {accelerator.distributed_type.value}, where no process holds the whole model.",
            "Choose MULTI_GPU, MULTI_CPU or NO in the file of torch.accelerateConfig, or leave it out.",
        )
    return accelerator

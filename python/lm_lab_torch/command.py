"""The command that starts the training processes of this machine."""

import socket
import sys
from dataclasses import dataclass

from .reason import Reason
from .run import Run

DEFAULT_PORT = 29500  # PyTorch's own


@dataclass(frozen=True)
class Place:
    """Which of the machines this is, and where all of them meet."""

    rank: int
    address: str | None
    port: int | None
    timeout_seconds: float


def training_command(run: Run, place: Place) -> list[str]:
    """One process is started as it is, several by torch.distributed.run; with a user's configuration by Accelerate."""
    torch = run.spec["torch"]
    processes, machines = torch["processes"], torch["machines"]
    worker = ["-m", "lm_lab_torch.worker", str(run.folder), "--timeout", f"{place.timeout_seconds:g}"]
    if torch["accelerateConfig"]:
        config = run.folder / torch["accelerateConfig"]
        return [sys.executable, "-m", "accelerate.commands.launch", "--config_file", str(config), *worker]
    if processes == 1:
        return [sys.executable, *worker]
    if processes % machines:
        raise Reason(
            "processes-uneven",
            f"torch.processes is {processes}, which {machines} machines can't share evenly.",
            f"Give torch.processes a multiple of {machines}.",
        )
    return [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--nproc-per-node",
        str(processes // machines),
        *_meeting(machines, place),
        *worker,
    ]


def _meeting(machines: int, place: Place) -> list[str]:
    if machines == 1:
        address = ["--master-addr", "127.0.0.1", "--master-port", str(place.port or free_port())]
        return ["--nnodes", "1", "--node-rank", "0", *address]
    if place.address is None:
        raise Reason(
            "address-missing",
            f"{machines} machines are to train together, and torch.mainAddress does not say where they meet.",
            "Set torch.mainAddress to the name or address of the first machine, or give --main-address.",
        )
    return [
        "--nnodes",
        str(machines),
        "--node-rank",
        str(place.rank),
        "--master-addr",
        place.address,
        "--master-port",
        str(place.port or DEFAULT_PORT),
        "--rdzv-conf",
        f"timeout={place.timeout_seconds:g}",
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def require_free_port(run: Run, place: Place) -> None:
    """On the first machine, where the others come to."""
    torch = run.spec["torch"]
    port = place.port or (DEFAULT_PORT if torch["machines"] > 1 else None)
    if torch["processes"] == 1 or port is None or place.rank != 0 or torch["accelerateConfig"]:
        return
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("", port))
    except OSError as error:
        raise Reason(
            "port-in-use",
            f"Port {port} can't be had on this machine: {error.strerror}.",
            "Set torch.mainPort to another port; it must be reachable from the other machines.",
        ) from error

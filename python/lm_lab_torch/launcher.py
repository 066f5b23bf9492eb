"""
Starts the training processes of this machine and watches them. On the first machine it holds the run's lock and is the
only one that writes status.json, so that a run whose processes are gone says so.
"""

import os
import queue
import re
import shlex
import signal
import subprocess
import sys
import threading
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from .command import DEFAULT_PORT, Place, require_free_port, training_command
from .files import now, read_json, tidy
from .lock import lock_run
from .reason import Reason, reason_of_system
from .run import Run, open_run
from .status import ENDED, HEARTBEAT_SECONDS, Status
from .telling import told_by
from .versions import require_versions

LAST_LINES = 400  # of what the processes printed, in which the cause of a failure is looked for
GRACE_SECONDS = 10
TOLD = ["state", "step", "totalSteps", "device", "preparing"]  # what the processes tell that status.json says


class Log:
    """log.txt, and where this is a command that someone typed, their terminal."""

    def __init__(self, file: Path | None, shown: bool):
        self.file, self.shown, self.last = file, shown, []

    def line(self, text: str) -> None:
        self.last = [*self.last, text][-LAST_LINES:]
        if self.file:
            with open(self.file, "a", encoding="utf-8") as log:
                log.write(f"{now()} {text}\n")
        if self.shown:
            print(text, file=sys.stderr, flush=True)


def launch(folder: Path, place: Place, held_by: int | None) -> None:
    """`held_by`: a process that holds the lock already, and ends the run when it closes this one's standard input."""
    run = open_run(folder)
    if place.rank > 0:
        return follow(run, place)
    with nullcontext() if held_by else lock_run(run.folder):
        if (read_json(run.path("status.json")) or {}).get("state") == "finished":
            raise Reason(
                "run-finished",
                f'The run "{run.folder}" has finished.',
                "To train further, start a new run whose model is this run’s folder “model”.",
            )
        if held_by is None:
            run.path("stop").unlink(missing_ok=True)
        status, log = Status(run.folder, held_by or os.getpid()), Log(run.path("log.txt"), held_by is None)
        try:
            status.write()
            ended = lead(run, place, status, log, held_by is not None)
            if status.state not in ENDED:
                raise reason_of(ended, log, place)
        except Reason as reason:
            _failed(status, reason)
            raise
        except OSError as error:
            reason = reason_of_system(error)
            _failed(status, reason)
            raise reason from error


def _failed(status: Status, reason: Reason) -> None:
    """Where nothing can be written any more, as on a full disk, the command itself still says why."""
    with suppress(OSError):
        status.note({"state": "failed", "error": reason.as_json()})


@dataclass
class Ended:
    """How the processes of this machine ended, and what one of them said of it before."""

    code: int = 0
    error: dict | None = None  # a reason
    unexpected: str | None = None  # the first line of what nobody foresaw


def lead(run: Run, place: Place, status: Status, log: Log, held: bool) -> Ended:
    """The first machine's processes."""
    for warning in require_versions():
        log.line(warning)
    require_free_port(run, place)
    for parent in [run.folder, run.path("checkpoints"), run.path("data")]:
        tidy(parent)  # before this process or another has a temporary file of its own there
    return _watched(run, training_command(run, place), log, status, held)


def follow(run: Run, place: Place) -> None:
    """Another machine's processes: the run is written, and told of, by the first."""
    require_versions()
    log = Log(None, True)
    ended = _watched(run, training_command(run, place), log, None, False)
    if ended.code != 0:
        raise reason_of(ended, log, place)


def _watched(run: Run, command: list[str], log: Log, status: Status | None, held: bool) -> Ended:
    log.line(f"Command: {shlex.join(command)}")
    child = subprocess.Popen(
        command,
        cwd=run.folder,
        env=_environment(run),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl+C is for this process, which asks the others to stop
    )
    lines: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_read_lines, args=(child, lines), daemon=True).start()
    if held:
        threading.Thread(target=_end_with_input, args=(child,), daemon=True).start()
    _stop_on_signals(run, child)
    ended = Ended()
    while (line := _next_line(lines)) is not None:
        told = told_by(line) if line else {}
        if told is None:
            log.line(line)
        else:
            _note(told, ended, log)
        if status:
            status.note({name: value for name, value in (told or {}).items() if name in TOLD})
            status.beat()
    ended.code = child.wait()
    return ended


def _note(told: dict, ended: Ended, log: Log) -> None:
    if "log" in told:
        log.line(told["log"])
    ended.error = ended.error or told.get("error")
    ended.unexpected = ended.unexpected or told.get("unexpected")


def _environment(run: Run) -> dict[str, str]:
    """One GPU of several is chosen before PyTorch looks for any. Threads that the run asks for are no one else's to say."""
    package = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    gpu = re.fullmatch(r"cuda:(\d+)", run.spec["device"])
    chosen = {"CUDA_VISIBLE_DEVICES": gpu[1]} if gpu else {}
    here = run.spec["torch"]["processes"] // run.spec["torch"]["machines"]
    share = max(1, (os.cpu_count() or 1) // max(1, here))
    asked = {"OMP_NUM_THREADS": str(run.spec["threads"])} if run.spec["threads"] else {}
    own = {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "TOKENIZERS_PARALLELISM": "false"}
    return {"OMP_NUM_THREADS": str(share), **os.environ, **own, **chosen, **asked}


def _read_lines(child: subprocess.Popen, lines: queue.Queue) -> None:
    for line in child.stdout:
        lines.put(line.decode("utf-8", "replace").rstrip("\r\n"))
    lines.put(None)


def _next_line(lines: queue.Queue) -> str | None:
    """Empty where none came in time for the next heartbeat; None at the end."""
    try:
        return lines.get(timeout=HEARTBEAT_SECONDS)
    except queue.Empty:
        return ""


def _end_with_input(child: subprocess.Popen) -> None:
    while os.read(0, 1024):  # unbuffered: a thread that holds a buffer's lock would keep Python from ending
        pass
    _end(child)


def _stop_on_signals(run: Run, child: subprocess.Popen) -> None:
    """The first asks to save and stop, as the file `stop` does; a second ends the run at once."""
    asked = False

    def stop(number: int, frame) -> None:
        nonlocal asked
        if asked:
            _end(child)
        asked = True
        run.path("stop").touch()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _end(child: subprocess.Popen) -> None:
    """torch.distributed.run ends its processes when it is asked to end."""
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        if os.name == "posix":
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()


def reason_of(ended: Ended, log: Log, place: Place) -> Reason:
    """Why the processes ended, by what they and torch.distributed.run said."""
    if ended.error:
        return Reason(**ended.error)
    apart = next((line for line in reversed(log.last) if APART.search(line)), None)
    if apart:
        return _machines_apart(apart, place)
    for rank, code in _failures(log):
        if code < 0:
            return _killed(f"Process {rank} of the run", -code)
    if ended.code < 0:
        return _killed("The training process", -ended.code)
    if ended.unexpected and LOST.search(ended.unexpected):
        elsewhere = "See what the command said on the other machines; then resume the run on all of them."
        return Reason(
            "process-lost",
            f"Another process of the run was lost: {ended.unexpected}",
            elsewhere if place.address else "Resume the run to go on from its last checkpoint.",
        )
    what = ended.unexpected or f"The training processes ended with exit code {ended.code}."
    remedy = "The run’s log.txt has the details. Resume the run to go on from its last checkpoint."
    return Reason("unexpected", what, remedy)


def _failures(log: Log) -> list[tuple[int, int]]:
    """
    The rank and exit code of each process that failed, as torch.distributed.run reports them at the end, its root cause
    first. That is the first one which it saw: where a process is killed, another that lost its connection may be.
    """
    report, _, root = "\n".join(log.last).rpartition("Failures:")[2].partition("Root Cause")
    process = re.compile(r"rank\s*:\s*(\d+).*\n\s*exitcode\s*:\s*(-?\d+)")
    return [(int(rank), int(code)) for part in (root, report) for rank, code in process.findall(part)]


# What PyTorch says where processes do not come together at the start, and where one is gone later.
APART = re.compile(r"waiting for clients|DistNetworkError|client socket has (timed out|failed)|DistStoreError")
LOST = re.compile(r"[Cc]onnection (closed|reset)|Broken pipe|[Tt]imed? ?out|[Ss]ocket|recv")


def _machines_apart(line: str, place: Place) -> Reason:
    return Reason(
        "machines-apart",
        f"The machines did not come together at {place.address}:{place.port or DEFAULT_PORT} within "
        f"{place.timeout_seconds:g} s: {line.strip()[:200]}",
        "Start the command on every machine, each with its own --machine-rank; see that all reach that address.",
    )


def _killed(who: str, number: int) -> Reason:
    why = ", as systems do that run out of memory" if number == 9 else ""
    return Reason(
        "process-lost",
        f"{who} was ended by the signal {signal.Signals(number).name}{why}.",
        "Resume the run to go on from its last checkpoint.",
    )

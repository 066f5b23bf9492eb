"""One trainer at a time has a run: the file `lock` names it."""

import json
import os
import secrets
import socket
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from .files import read_json
from .reason import Reason

SILENT_SECONDS = 60  # after which a trainer on another machine that shows no sign of life is lost
SILENT_STEPS = 3
EMPTY_LOCK_SECONDS = 60  # a lock that says nothing yet is just being written


@contextmanager
def lock_run(folder: Path):
    """Takes a run for this process alone; a lock whose trainer is lost is taken over."""
    file = folder / "lock"
    while not _create(file):
        _take_away(folder, file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _create(file: Path) -> bool:
    try:
        with open(file, "x", encoding="utf-8") as lock:
            lock.write(json.dumps({"host": socket.gethostname(), "processId": os.getpid()}) + "\n")
        return True
    except FileExistsError:
        return False


def _take_away(folder: Path, file: Path) -> None:
    """Renamed first and read again: of two that find it lost one takes it, and not the lock that the other has made."""
    try:
        written, locked_at = file.read_text(encoding="utf-8"), file.stat().st_mtime
        if _holder_lives(folder, written, locked_at):
            raise _busy(folder, written)
        aside = file.with_name(f"lock.{secrets.token_hex(4)}")
        file.rename(aside)
        if aside.read_text(encoding="utf-8") == written:
            aside.unlink()
        else:
            aside.rename(file)
    except FileNotFoundError:
        pass  # it has just been released


def _holder_lives(folder: Path, written: str, locked_at: float) -> bool:
    lock = _parsed(written)
    if lock is None:
        return time.time() - locked_at < EMPTY_LOCK_SECONDS
    if lock["host"] == socket.gethostname():
        return lock["processId"] != os.getpid() and process_exists(lock["processId"])
    status = read_json(folder / "status.json") or {}
    beat = _seconds(status.get("heartbeatAt"))
    return time.time() - max(beat, locked_at) <= max(SILENT_SECONDS, SILENT_STEPS * _step_seconds(folder))


def _parsed(written: str) -> dict | None:
    try:
        lock = json.loads(written)
        return lock if isinstance(lock.get("host"), str) and isinstance(lock.get("processId"), int) else None
    except (json.JSONDecodeError, AttributeError):
        return None


def process_exists(process_id: int) -> bool:
    """One of another user does as well."""
    if os.name == "nt":
        import psutil

        return psutil.pid_exists(process_id)
    try:
        os.kill(process_id, 0)
        return True
    except PermissionError:
        return True
    except ProcessLookupError:
        return False


def _seconds(at: str | None) -> float:
    return datetime.fromisoformat(at.replace("Z", "+00:00")).timestamp() if at else 0.0


def _step_seconds(folder: Path) -> float:
    """How long a step takes, by the last two lines of metrics.jsonl."""
    file = folder / "metrics.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines()[-2:] if file.exists() else []
    if len(lines) < 2:
        return 0.0
    try:
        first, last = (json.loads(line) for line in lines)
    except json.JSONDecodeError:
        return 0.0
    return max(0.0, (last["elapsedSeconds"] - first["elapsedSeconds"]) / max(1, last["step"] - first["step"]))


def _busy(folder: Path, written: str) -> Reason:
    lock = _parsed(written)
    who = f"process {lock['processId']} on {lock['host']}" if lock else "another process"
    return Reason(
        "run-busy",
        f'"{folder}" is being trained by {who}.',
        "Wait until it has ended, or stop it; a run has one trainer at a time.",
    )

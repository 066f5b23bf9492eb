"""status.json: replaced whole at each change of state, and about once a second in between."""

import socket
import time
from pathlib import Path

from .files import now, read_json, write_json

HEARTBEAT_SECONDS = 1.0

ENDED = ["finished", "stopped"]  # as a run should end


class Status:
    """Written by the launcher alone; `process_id` is the process that watchers look for."""

    def __init__(self, folder: Path, process_id: int):
        self.file = folder / "status.json"
        before = read_json(self.file) or {}
        self.status = {
            "state": "preparing",
            "step": before.get("step", 0),
            "totalSteps": before.get("totalSteps", 0),
            "device": before.get("device", ""),
            "host": socket.gethostname(),
            "processId": process_id,
            "startedAt": before.get("startedAt") or now(),
        }
        self.written_at = 0.0

    @property
    def state(self) -> str:
        return self.status["state"]

    def note(self, changes: dict) -> None:
        """To be said with the next heartbeat, or at once where the state changes."""
        changed = changes.get("state", self.state) != self.state
        self.status = {**self.status, **changes}
        if changed:
            self.write()

    def beat(self) -> None:
        if time.monotonic() - self.written_at >= HEARTBEAT_SECONDS:
            self.write()

    def write(self) -> None:
        self.written_at = time.monotonic()
        told = {name: value for name, value in self.status.items() if name != "preparing" or self.state == "preparing"}
        write_json(self.file, {**told, "heartbeatAt": now()})

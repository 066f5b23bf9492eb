"""What a training process tells the launcher that watches it: lines of its own among all that it prints."""

import json
import os

MARK = "@lm-lab "


def tell(**told) -> None:
    """What status.json has: `state`, `step`, `preparing`, `error` and so on; and `log`, a line for log.txt."""
    line = f"{MARK}{json.dumps(told)}\n".encode()
    os.write(1, line)  # in one piece, whatever other processes print to the same pipe


def told_by(line: str) -> dict | None:
    """What a line tells; None where it is something else that was printed."""
    if not line.startswith(MARK):
        return None
    try:
        return json.loads(line[len(MARK) :])
    except json.JSONDecodeError:
        return None

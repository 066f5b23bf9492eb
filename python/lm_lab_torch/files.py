"""Writing a run folder so that a reader never sees half of anything."""

import json
import os
import re
import shutil
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any


def now() -> str:
    """ISO 8601 in UTC, as all times of a run folder."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_atomically(path: Path, text: str) -> None:
    """Others see the old content or the whole new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with open(temporary, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def write_json(path: Path, value: Any) -> None:
    write_atomically(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def read_json(path: Path) -> Any:
    """None where there is no such file, or none that can be read yet."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return None


def append_lines(path: Path, objects: list[dict]) -> None:
    """One object a line; with the system, and so beyond the end of this process, on return."""
    if objects:
        with open(path, "a", encoding="utf-8", newline="\n") as file:
            file.write("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects))


def cut_lines(path: Path, keep: Callable[[dict], bool]) -> None:
    """Cuts a file of JSON lines before the first line that is torn or that is not to be kept; there may be no file."""
    if not path.exists():
        return
    kept = 0
    for line in path.read_bytes().splitlines(keepends=True):
        try:
            if not line.endswith(b"\n") or not keep(json.loads(line)):
                break
        except json.JSONDecodeError:
            break
        kept += len(line)
    os.truncate(path, kept)


def write_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Writes a folder under a temporary name beside it, then renames it; an old one steps aside first."""
    writing, replaced = _staged(folder, "writing"), _staged(folder, "replaced")
    shutil.rmtree(writing, ignore_errors=True)
    writing.mkdir(parents=True)
    try:
        write(writing)
        if folder.exists():
            shutil.rmtree(replaced, ignore_errors=True)
            folder.rename(replaced)
        writing.rename(folder)
        shutil.rmtree(replaced, ignore_errors=True)
    finally:
        shutil.rmtree(writing, ignore_errors=True)


def delete_folder(folder: Path) -> None:
    """Nobody sees a part of it."""
    leaving = _staged(folder, "leaving")
    shutil.rmtree(leaving, ignore_errors=True)
    folder.rename(leaving)
    shutil.rmtree(leaving)


_HIDDEN = re.compile(r"\.(.+)\.(writing|replaced|leaving|tmp)")


def tidy(parent: Path) -> None:
    """Clears away what a trainer left half-done when it was killed; what was being replaced and was not is put back."""
    for hidden in list(parent.iterdir()) if parent.is_dir() else []:
        match = _HIDDEN.fullmatch(hidden.name)
        if not match:
            continue
        name, stage = match.groups()
        if stage == "replaced" and not (parent / name).exists():
            hidden.rename(parent / name)
        elif hidden.is_dir():
            shutil.rmtree(hidden)
        else:
            hidden.unlink()


def _staged(folder: Path, stage: str) -> Path:
    return folder.with_name(f".{folder.name}.{stage}")

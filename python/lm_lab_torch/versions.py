"""Which packages are needed, and from which versions on: those of requirements.txt, the least that were tested."""

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .reason import Reason

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"


def required() -> dict[str, tuple[str, str]]:
    """Of each package the least version, and the newest that was tested: `torch>=2.6.0  # tested to 2.15.0`."""
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    matches = [re.match(r"(\w+)>=(\S+)\s*#\s*tested to (\S+)", line) for line in lines]
    return {match[1]: (match[2], match[3]) for match in matches if match}


def installed() -> dict[str, str | None]:
    return {name: _version_of(name) for name in required()}


def require_versions() -> list[str]:
    """Refuses what is missing or too old; returns a sentence on each package that is newer than what was tested."""
    found, newer = installed(), []
    missing = [name for name, at in found.items() if at is None]
    if missing:
        raise Reason("packages-missing", f"{sys.executable} has no {', '.join(missing)}.", INSTALL)
    for name, (least, tested) in required().items():
        if _numbers(found[name]) < _numbers(least):
            raise Reason(
                "packages-too-old",
                f"{sys.executable} has {name} {found[name]}, and {least} or newer is needed.",
                INSTALL,
            )
        if _numbers(found[name])[:2] > _numbers(tested)[:2]:
            newer.append(f"{name} {found[name]} is newer than {tested}, with which this was tested.")
    return newer


INSTALL = (
    "Run “LM Lab: Create Python Environment”, or install what python/requirements.txt names into a Python of yours and "
    "name it in the setting lmLab.python or in torch.python."
)


def _version_of(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    """`2.15.0+cu132` → (2, 15, 0)"""
    return tuple(int(part) for part in re.findall(r"\d+", version.split("+")[0])[:3])

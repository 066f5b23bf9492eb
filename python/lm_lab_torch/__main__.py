"""`python -m lm_lab_torch RUN`: trains a prepared run folder, or goes on with it."""

import argparse
import json
import sys
from pathlib import Path

if sys.version_info < (3, 10):  # before anything is imported that an older Python cannot read
    message = "%s is Python %d.%d, and 3.10 or newer is needed." % (sys.executable, *sys.version_info[:2])
    remedy = "Name a newer Python in the setting lmLab.python, in the variable LM_LAB_PYTHON, or in torch.python."
    print(json.dumps({"error": {"code": "python-too-old", "message": message, "remedy": remedy}}))
    sys.exit(1)

from .command import Place
from .launcher import launch
from .reason import Reason
from .run import open_run
from .versions import installed, require_versions


def main() -> int:
    given = _parser().parse_args()
    try:
        if given.check:
            print(json.dumps({"packages": installed(), "warnings": require_versions()}))
            return 0
        torch = open_run(given.run).spec["torch"]
        place = Place(
            given.machine_rank,
            given.main_address or torch["mainAddress"],
            given.main_port or torch["mainPort"],
            given.timeout,
        )
        launch(given.run, place, given.held_by)
        return 0
    except Reason as reason:
        if given.check:
            print(json.dumps({"error": reason.as_json()}))
        else:
            print(f"{reason.code}: {reason.message}\n{reason.remedy}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m lm_lab_torch", description=__doc__)
    parser.add_argument("run", type=Path, nargs="?", default=Path("."), help="the run folder (default: this one)")
    parser.add_argument("--machine-rank", type=int, default=0, help="which machine this is, from 0 (default: 0)")
    parser.add_argument("--main-address", help="where the machines meet (default: torch.mainAddress of run.json)")
    parser.add_argument("--main-port", type=int, help="the port there (default: torch.mainPort, else 29500)")
    parser.add_argument(
        "--timeout", type=float, default=600, help="seconds to wait for the other processes (default: 600)"
    )
    parser.add_argument("--check", action="store_true", help="only look whether this Python has what is needed")
    parser.add_argument("--held-by", type=int, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())

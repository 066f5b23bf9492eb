"""
One training process: `python -m lm_lab_torch.worker RUN --timeout S`, started by the launcher, by
torch.distributed.run or by accelerate launch.
"""

import argparse
import os
import sys
import traceback
from errno import ENOSPC
from pathlib import Path

import torch
from transformers.utils import logging

from .processes import Processes
from .reason import Reason, reason_of_system
from .run import open_run
from .session import train_run
from .telling import tell


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("--timeout", type=float, required=True)
    given = parser.parse_args()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        run = open_run(given.run)
        train_run(run, Processes(run.spec, given.timeout))
        return 0
    except Exception as error:
        _tell_failure(error)
        # At once: an orderly end would wait for other processes, which may be waiting for this one.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)


def _tell_failure(error: Exception) -> None:
    traceback.print_exc()
    if isinstance(error, Reason):
        tell(error=error.as_json())
    elif isinstance(error, torch.OutOfMemoryError) or isinstance(error, MemoryError):
        tell(error=_no_memory(error).as_json())
    elif isinstance(error, OSError) and error.errno == ENOSPC:
        tell(error=reason_of_system(error).as_json())
    else:
        tell(unexpected=f"{type(error).__name__}: {error}".splitlines()[0])


def _no_memory(error: Exception) -> Reason:
    return Reason(
        "out-of-memory",
        f"There was not enough memory: {str(error).splitlines()[0] if str(error) else 'it was refused'}",
        "Make training.batchSize smaller and training.accumulation larger by as much, cut texts with "
        "training.maxLength, or train fewer layers.",
    )


if __name__ == "__main__":
    sys.exit(main())

"""The most memory that this process has held."""

import sys

import torch


def peak_memory_bytes() -> int:
    """Of the GPU where one computes, else of the process."""
    if torch.cuda.is_available() and torch.cuda.max_memory_reserved() > 0:
        return torch.cuda.max_memory_reserved()
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024

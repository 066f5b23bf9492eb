"""Random numbers that LM Lab's own trainer draws too, so that the same seed gives the same order and the same start.

A stream belongs to one purpose: an epoch by its number, a tensor by its name. It depends on the seed and on that alone.
"""

import hashlib
import math
import struct
from collections.abc import Callable

Uniform = Callable[[], float]

_LOW = 0xFFFFFFFF
_WORD = 0xFFFFFFFFFFFFFFFF


def uniform_stream(seed: int, purpose: int | str) -> Uniform:
    """Uniform in [0, 1): xoroshiro128+ (Blackman and Vigna 2018; rotations 24, 16 and 37) from a hash of both."""
    digest = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
    high0, low0, high1, low1 = struct.unpack("<4I", digest[:16])
    s0, s1 = high0 << 32 | low0, high1 << 32 | low1

    def low_word() -> int:
        nonlocal s0, s1
        word = (s0 + s1) & _LOW
        s1 ^= s0
        s0 = ((s0 << 24 | s0 >> 40) ^ s1 ^ s1 << 16) & _WORD
        s1 = (s1 << 37 | s1 >> 27) & _WORD
        return word

    return lambda: (low_word() & 0x3FFFFFF) * 2.0**-26 + (low_word() & 0x7FFFFFF) * 2.0**-53


def shuffle(items: list, uniform: Uniform) -> None:
    """In place, as Fisher and Yates."""
    for last in range(len(items) - 1, 0, -1):
        other = int(uniform() * (last + 1))
        items[last], items[other] = items[other], items[last]


def normal(seed: int, name: str, count: int, deviation: float) -> list[float]:
    """N(0, deviation), by Box and Muller's transform."""
    uniform = uniform_stream(seed, name)
    values = []
    while len(values) < count:
        radius = deviation * math.sqrt(-2 * math.log(1 - uniform()))
        angle = 2 * math.pi * uniform()
        values += [radius * math.cos(angle), radius * math.sin(angle)]
    return values[:count]


def within(seed: int, name: str, count: int, bound: float) -> list[float]:
    """Uniform in [-bound, bound)."""
    uniform = uniform_stream(seed, name)
    return [bound * (2 * uniform() - 1) for _ in range(count)]

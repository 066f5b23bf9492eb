"""Which rows make a step, in which order, and which process takes which of them."""

from .examples import Examples
from .random_numbers import shuffle, uniform_stream

POOL_BATCHES = 8  # micro-batches whose rows are sorted by length together


def order_of_epoch(examples: Examples, epoch: int, training: dict) -> list[int]:
    """The order of the rows follows from the seed and the epoch's number alone, so that a resumed run goes on alike."""
    rows = list(range(examples.rows))
    if not training["shuffle"]:
        return rows
    uniform = uniform_stream(training["seed"], epoch)
    shuffle(rows, uniform)
    if examples.padded_length is not None:
        return rows
    return _grouped_by_length(rows, examples, training["batchSize"], uniform)


def batched(rows: list[int], size: int) -> list[list[int]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _grouped_by_length(rows: list[int], examples: Examples, size: int, uniform) -> list[int]:
    """Batches of similar length, in random order; the rows that do not fill a batch stay last."""
    whole = len(rows) - len(rows) % size
    batches = []
    for pool in batched(rows[:whole], POOL_BATCHES * size):
        batches += batched(sorted(pool, key=examples.longest_of), size)
    shuffle(batches, uniform)
    return [row for batch in batches for row in batch] + rows[whole:]


def batches_of_process(batches: list[list[int]], process: int, processes: int) -> list[list[int]]:
    """
    A step's micro-batches are dealt out in turn. Every process has as many, so that all take part in each exchange of
    gradients: where there are not enough, an empty one.
    """
    rounds = -(-len(batches) // processes)
    dealt = [number * processes + process for number in range(rounds)]
    return [batches[number] if number < len(batches) else [] for number in dealt]

"""What each method makes of some rows, by the formulas of contracts: plain PyTorch over the models of transformers."""

import itertools
from dataclasses import dataclass, field

import torch
from torch.nn.functional import cross_entropy, logsigmoid

from examples import END, Examples


@dataclass
class Sums:
    """Over some rows: of losses, of what they are a mean over, and of the further figures, which are means over rows."""

    loss: torch.Tensor
    units: int
    figures: dict[str, float] = field(default_factory=dict)


def scorer(run: dict, reference, parts: dict[str, Examples]):
    """model, examples, rows → Sums, for the request's method."""
    match run["method"]:
        case "classification":
            return classified
        case "reward":
            return lambda model, examples, rows: ranked(model, examples, rows, run["reward"])
        case "dpo":
            return Preferred(run["dpo"], reference, parts)
        case _:
            return scored_tokens


def scored_tokens(model, examples: Examples, rows: list[int]) -> Sums:
    """Of label words only the row's own sequence trains; the word of the largest sum is the one predicted."""
    sequences = list(itertools.chain.from_iterable(sequences_of(examples, row) for row in rows))
    ids, lengths = padded([examples.sequences[n] for n in sequences], None)
    scored, _ = padded([examples.scored[n] for n in sequences], None)
    logits = model(ids, lengths)  # [S, T, V]
    losses = cross_entropy(logits[:, :-1].transpose(1, 2), ids[:, 1:], reduction="none")  # [S, T - 1]
    targets = scored[:, 1:] == 1
    sums = (losses * targets).sum(1)  # [S]
    if examples.labels is None:
        return Sums(sums.sum(), int(targets.sum()))
    labels = torch.tensor([examples.labels[row] for row in rows])
    by_word = sums.view(len(rows), -1)  # [R, words]
    trained = by_word.gather(1, labels[:, None]).sum()
    units = targets.sum(1).view(len(rows), -1).gather(1, labels[:, None]).sum()
    right = int((by_word.argmin(1) == labels).sum())
    return Sums(trained, int(units), {} if torch.is_grad_enabled() else {"accuracy": right})


def classified(model, examples: Examples, rows: list[int]) -> Sums:
    ids, lengths = padded([examples.sequences[row] for row in rows], examples.padded_length)
    labels = torch.tensor([examples.labels[row] for row in rows])
    logits = model(ids, lengths)  # [R, labels]
    right = int((logits.argmax(1) == labels).sum())
    return Sums(cross_entropy(logits, labels, reduction="sum"), len(rows), {"accuracy": right})


def ranked(model, examples: Examples, rows: list[int], reward: dict) -> Sums:
    """Answers best first. A row's loss is the mean over its pairs; the center coefficient is that of TRL's RewardTrainer."""
    by_row = [sequences_of(examples, row) for row in rows]
    ids, lengths = padded([examples.sequences[n] for n in itertools.chain.from_iterable(by_row)], None)
    scores = model(ids, lengths).squeeze(1).split([len(sequences) for sequences in by_row])
    loss, figures = 0, {"accuracy": 0.0, "rewardMean": 0.0, "rewardMargin": 0.0}
    for of_row in scores:
        pairs = list(itertools.combinations(of_row, 2))
        better, worse = (torch.stack(answers) for answers in zip(*pairs))
        losses = -logsigmoid(better - worse)
        if reward["centerCoefficient"] is not None:
            losses = losses + reward["centerCoefficient"] * (better + worse) ** 2
        loss = loss + losses.mean()
        figures["accuracy"] += (better > worse).double().mean().item()
        figures["rewardMean"] += of_row.mean().item()
        figures["rewardMargin"] += (better - worse).mean().item()
    return Sums(loss, len(rows), figures)


class Preferred:
    """Direct Preference Optimization, with what a reference says of every sequence taken once."""

    def __init__(self, dpo: dict, reference, parts: dict[str, Examples]):
        self.dpo = dpo
        self.reference = {}
        with torch.no_grad():
            for examples in parts.values():
                logps, _ = log_probabilities(reference, examples, list(range(len(examples.sequences))))
                self.reference[id(examples)] = logps

    def __call__(self, model, examples: Examples, rows: list[int]) -> Sums:
        chosen = [examples.row_offsets[row] for row in rows]
        logps, counts = log_probabilities(model, examples, [*chosen, *(first + 1 for first in chosen)])
        reference = self.reference[id(examples)]
        ratios = logps - torch.cat([reference[chosen], reference[[first + 1 for first in chosen]]])
        losses = self.losses(*(ratios / counts if self.dpo["loss"] == "ipo" else ratios).chunk(2))
        (chosen_rewards, rejected_rewards), logps = (self.dpo["beta"] * ratios).chunk(2), logps.chunk(2)
        figures = {
            "rewardsChosen": chosen_rewards.sum(),
            "rewardsRejected": rejected_rewards.sum(),
            "rewardsMargin": (chosen_rewards - rejected_rewards).sum(),
            "rewardsAccuracy": (chosen_rewards > rejected_rewards).sum(),
            "logpsChosen": logps[0].sum(),
            "logpsRejected": logps[1].sum(),
        }
        return Sums(losses.sum(), len(rows), {name: float(value) for name, value in figures.items()})

    def losses(self, chosen: torch.Tensor, rejected: torch.Tensor) -> torch.Tensor:
        beta, smoothing = self.dpo["beta"], self.dpo["labelSmoothing"]
        difference = chosen - rejected
        if self.dpo["loss"] == "ipo":
            return (difference - 1 / (2 * beta)) ** 2
        return -(1 - smoothing) * logsigmoid(beta * difference) - smoothing * logsigmoid(-beta * difference)


def log_probabilities(model, examples: Examples, sequences: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Of the scored tokens of each sequence together, and how many they are."""
    ids, lengths = padded([examples.sequences[n] for n in sequences], None)
    scored, _ = padded([examples.scored[n] for n in sequences], None)
    losses = cross_entropy(model(ids, lengths)[:, :-1].transpose(1, 2), ids[:, 1:], reduction="none")
    targets = scored[:, 1:] == 1
    return -(losses * targets).sum(1), targets.sum(1)


def sequences_of(examples: Examples, row: int) -> range:
    return range(examples.row_offsets[row], examples.row_offsets[row + 1])


def padded(sequences: list[list[int]], length: int | None) -> tuple[torch.Tensor, torch.Tensor]:
    """On the right, to the longest or to a length: [R, T] and [R]."""
    lengths = [len(sequence) for sequence in sequences]
    width = length or max(lengths)
    rows = [[*sequence, *[END] * (width - len(sequence))] for sequence in sequences]
    return torch.tensor(rows), torch.tensor(lengths)



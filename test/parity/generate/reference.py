"""Scoring and next-token prediction by plain forward passes, as the definitions say and nothing more."""

import math

import torch

TOLERANCE = 1e-4  # relative, of a probability


def score(model, ids: list[int], prefix: list[int]) -> dict:
    """Figures for each token of `ids`; `prefix` (the end-of-text token, or nothing) stands before them and is not scored."""
    sequence = prefix + ids
    distributions = predicted_distributions(model, sequence)  # [T - 1, V]
    tokens = [figures(distributions[p - 1], sequence[p]) if p > 0 else None for p in range(len(prefix), len(sequence))]
    scored = [token for token in tokens if token]
    loss = -sum(math.log(token["probability"]) for token in scored)
    for token in scored:
        token["probability"] = significant(token["probability"])
    return {
        "ids": ids,
        "tokens": tokens,
        "negativeLogLikelihood": significant(loss),
        "perplexity": significant(math.exp(loss / len(scored))) if scored else None,
    }


def predict_next(model, ids: list[int]) -> dict:
    """The ten likeliest tokens after the last n_positions of `ids`."""
    context = ids[-model.config.n_positions :]
    probabilities = torch.softmax(forward(model, context)[-1], dim=-1)  # [V]
    return {"context": context, "predictions": largest(probabilities, 10)}


def predicted_distributions(model, sequence: list[int]) -> list[torch.Tensor]:
    """What the model predicts for each token but the first: windows of n_positions start at 0, n/2, n, …, and a token
    is scored in the first window that holds it and something before it."""
    length = model.config.n_positions
    predicted: list[torch.Tensor] = []  # of tokens 1, 2, …
    for start in range(0, len(sequence), length // 2):
        window = sequence[start : start + length]
        first_new = len(predicted) + 1
        if first_new >= start + len(window):
            continue
        probabilities = torch.softmax(forward(model, window), dim=-1)  # [T, V]
        predicted += [probabilities[p - 1 - start] for p in range(first_new, start + len(window))]
    return predicted


def figures(probabilities: torch.Tensor, target: int) -> dict:
    probability = probabilities[target].item()
    above = (probabilities > probability).sum().item()
    equal_before = (probabilities[:target] == probability).sum().item()
    return {
        "probability": probability,
        "rank": above + equal_before + 1,
        # Ranks that rounding may give it: of the tokens whose probability differs by less than the tolerance.
        "ranks": [
            (probabilities > probability * (1 + TOLERANCE)).sum().item() + 1,
            (probabilities >= probability * (1 - TOLERANCE)).sum().item(),
        ],
        "entropy": significant(-(probabilities * probabilities.log2()).nan_to_num(0).sum().item()),
        "top": largest(probabilities, 5),
    }


def largest(probabilities: torch.Tensor, count: int) -> list[list]:
    values, ids = probabilities.topk(count)
    return [[id, significant(value)] for id, value in zip(ids.tolist(), values.tolist())]


def forward(model, ids: list[int]) -> torch.Tensor:
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0]  # [T, V]


def significant(value: float) -> float:
    return float(f"{value:.8g}")

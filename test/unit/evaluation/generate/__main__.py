"""Intervals, p-values and calibration of scipy, statsmodels and scikit-learn: python test/unit/evaluation/generate

Writes test/unit/evaluation/fixtures/statistics.json.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.calibration import calibration_curve
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

FILE = Path(__file__).resolve().parents[1] / "fixtures" / "statistics.json"
SHARES = [(0, 1), (1, 1), (0, 10), (7, 10), (550, 872), (1, 100_000), (999_999, 1_000_000)]
PAIRS = [(0, 0), (1, 0), (3, 9), (4, 4), (5, 6), (0, 60), (490, 510), (100, 400), (10_000, 11_000)]


def shares() -> list[dict]:
    found = []
    for successes, trials in SHARES:
        low, high = proportion_confint(successes, trials, alpha=0.05, method="wilson")
        found.append({"successes": successes, "trials": trials, "low": low, "high": high})
    return found


def means(generator: np.random.Generator) -> list[dict]:
    lists = [[1.0, 2.0], [50.0, 58.0, 31.0, 99.0, 0.0], [1e9, 1e9 + 1, 1e9 + 2], (generator.normal(70, 20, 300)).round(3).tolist()]
    found = []
    for values in lists:
        low, high = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
        found.append({"values": values, "value": np.mean(values), "low": low, "high": high})
    return found


def sign_tests() -> list[dict]:
    found = []
    for first, second in PAIRS:
        p = stats.binomtest(first, first + second, 0.5).pvalue if first + second else 1.0
        of_mcnemar = mcnemar([[10, first], [second, 10]], exact=True).pvalue if first + second else 1.0
        assert abs(p - of_mcnemar) <= 1e-9 * p
        found.append({"first": first, "second": second, "pValue": p})
    return found


def calibration(generator: np.random.Generator) -> dict:
    """Bins of scikit-learn are open below, as those of Guo et al.; it tells the bins that have rows."""
    confidences = np.concatenate([generator.beta(5, 2, 200), [0.1, 0.5, 0.6, 1.0, 1.0]]).round(6)
    right = generator.random(len(confidences)) < confidences**2
    accuracy, confidence = calibration_curve(right, confidences, n_bins=10, strategy="uniform")
    rows = np.histogram(np.ceil(confidences * 10) - 1, bins=np.arange(11) - 0.5)[0]
    rows = rows[rows > 0]
    return {
        "confidences": confidences.tolist(),
        "right": right.tolist(),
        "bins": [{"rows": int(n), "confidence": c, "accuracy": a} for n, c, a in zip(rows, confidence, accuracy)],
        "error": float((rows * np.abs(accuracy - confidence)).sum() / rows.sum()),
    }


def main() -> None:
    generator = np.random.default_rng(7)
    found = {"shares": shares(), "means": means(generator), "signTests": sign_tests(), "calibration": calibration(generator)}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""What the comparisons with TRL's own trainers have in common."""

from pathlib import Path

FIXTURES = Path(__file__).parents[1] / "fixtures"
MODEL = Path(__file__).parents[2] / "fixtures" / "head-size-12"
NO_DROPOUT = {"attn_pdrop": 0.0, "embd_pdrop": 0.0, "resid_pdrop": 0.0}
QUIETLY = {  # arguments of TRL's configurations
    "logging_steps": 1,
    "report_to": "none",
    "save_strategy": "no",
    "use_cpu": True,
    "bf16": False,
    "gradient_checkpointing": False,
    "disable_tqdm": True,
}
SMALL = 0.02  # below which a difference is not compared with the value


def largest_differences(told: list[dict], expected: list[dict], ours: dict[str, str]) -> dict[str, str]:
    """Over all steps, of each figure; `ours`: what a fixture calls what TRL tells."""
    largest: dict[str, float] = {}
    for line, figures in zip(told, expected, strict=True):
        for theirs, metric in ours.items():
            if theirs in line and metric in figures:
                difference = abs(float(line[theirs]) - figures[metric]) / max(abs(figures[metric]), SMALL)
                largest[metric] = max(largest.get(metric, 0.0), difference)
    return {metric: f"{difference:.1e}" for metric, difference in largest.items()}

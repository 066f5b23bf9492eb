"""Writes what transformers makes of texts as vectors and as rewards, and scikit-learn of vectors as a plane: `python test/parity/embed/generate.py`.

Made with Python 3.11, torch 2.15, transformers 5.23 and scikit-learn 1.9. A plane's axes have their largest number positive.
"""

import json
from pathlib import Path

import numpy as np
import torch
from sklearn.decomposition import PCA
from transformers import AutoTokenizer, GPT2ForSequenceClassification, GPT2Model

HERE = Path(__file__).parent
MODELS = {
    "starter": HERE.parents[2] / "models" / "starter",
    "as-published": HERE.parent / "fixtures" / "as-published",
}
TEXTS = [
    "The movie was full of surprises.",
    "A dull film.",
    "x",
    "She laughed, and then she cried: 電影 is what they call it.",
    "The plot is thin, the actors are wooden, and yet I could not look away for two whole hours.",
    "An hour and a half of pure joy!",
    "terrible terrible terrible terrible",
    "  leading spaces, and a line\nbreak",
]


def main() -> None:
    embedded = {name: vectors_of(folder) for name, folder in MODELS.items()}
    random = np.random.default_rng(5)
    shapes = {"tall": (60, 12), "wide": (7, 30), "flat": (50, 2)}
    clouds = {name: random.normal(size=shape) * random.uniform(0.2, 3, shape[1]) for name, shape in shapes.items()}
    clouds["starter"] = np.array(embedded["starter"]["mean"])
    planes = [{"name": name, **plane_of(np.round(cloud, 5).astype(np.float32))} for name, cloud in clouds.items()]
    rewards = rewards_of(MODELS["as-published"])
    result = {"texts": TEXTS, "models": embedded, "planes": planes, "rewards": rewards}
    (HERE / "fixtures" / "expected.json").write_text(json.dumps(result, separators=(",", ":")) + "\n", encoding="utf-8")


def vectors_of(folder: Path) -> dict:
    """Weights as stored, arithmetic in float64: the final hidden states, their mean and the last of them."""
    model = GPT2Model.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").double().eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    means, lasts = [], []
    for text in TEXTS:
        ids = torch.tensor([tokenizer(text, add_special_tokens=False)["input_ids"]])
        with torch.no_grad():
            hidden = model(ids).last_hidden_state[0]
        means.append(rounded(hidden.mean(0)))
        lasts.append(rounded(hidden[-1]))
    return {"mean": means, "last": lasts}


def rewards_of(folder: Path) -> dict:
    """Of each text as an answer to the one before it, encoded apart and joined, by a head that is drawn here."""
    torch.manual_seed(11)
    model = GPT2ForSequenceClassification.from_pretrained(folder, num_labels=1, pad_token_id=None)
    score = torch.randn(1, model.config.n_embd).round(decimals=3)
    model.score.weight.data.copy_(score)
    model = model.double().eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    encode = lambda text: tokenizer(text, add_special_tokens=False)["input_ids"]
    rewards = []
    for prompt, answer in zip(TEXTS, TEXTS[1:]):
        with torch.no_grad():
            ids = (encode(prompt) + encode(answer))[: model.config.n_positions]
            rewards.append(model(torch.tensor([ids])).logits[0, 0])
    return {"score": rounded(score[0]), "rewards": rounded(rewards)}


def plane_of(cloud: np.ndarray) -> dict:
    vectors = cloud.astype(np.float64)
    pca = PCA(n_components=2, svd_solver="full").fit(vectors)
    signs = np.sign([axis[np.argmax(np.abs(axis))] for axis in pca.components_])
    return {
        "vectors": [rounded(vector) for vector in cloud],
        "projected": [rounded(point) for point in pca.transform(vectors) * signs],
        "explained": rounded(pca.explained_variance_ratio_),
    }


def rounded(values) -> list[float]:
    return [float(f"{float(value):.7g}") for value in values]


if __name__ == "__main__":
    main()

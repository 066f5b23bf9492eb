"""Labels by a prompt as transformers scores them, one forward for each row and word: python test/parity/evaluation/generate

Writes test/parity/evaluation/fixtures: rows.jsonl and expected.json, with the score of every row and label.
"""

import itertools
import json
from pathlib import Path

import jinja2
import torch
from transformers import GPT2LMHeadModel, PreTrainedTokenizerFast

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
ROOT = HERE.parents[3]
# Relative to the checkout. The second has 32 positions and no <|endoftext|>: what is longer is cut.
MODELS = ["models/starter", "test/parity/fixtures/head-size-12"]

ROWS = [
    ("it 's a charming and often affecting journey .", "1"),
    ("unflinchingly bleak and desperate", "0"),
    ("the acting , costumes , music and sound are all astounding", "1"),
    ("nobody laughed , nobody cried , and nobody stayed to the end of a film that is as long as it is slow , dull and loud", "0"),
    ("café 😀 naïve", "2"),
    ("it", "2"),
    ("a film", "1"),
    ("what \"was\" it ?\nnobody knows", "0"),
]
# The last two are never evaluated: examples are drawn from them.
SHOTS = [("a waste of two hours", "0"), ("a joy from the first minute to the last", "1")]

SPACED = {"0": [" negative", " bad"], "1": [" positive"], "2": [" not", " not good at all"]}
BARE = {"0": "negative", "1": "positive", "2": "posit"}
REVIEW = "Review: {{ sentence }}\nSentiment:"
MERGING = "{{ sentence }} Sentiment: "
BARE_ROW = "{{ sentence }}"

# prompt, label words, how many examples
PROMPTS = {"spaced": (REVIEW, SPACED, 0), "merging": (MERGING, BARE, 0), "nothing around": (BARE_ROW, SPACED, 0), "two examples": (REVIEW, SPACED, 2)}


class Model:
    def __init__(self, name: str):
        self.name = name
        self.model = GPT2LMHeadModel.from_pretrained(ROOT / name, dtype=torch.float64).eval()
        self.tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(ROOT / name / "tokenizer.json"))
        self.end_of_text = self.tokenizer.get_vocab().get("<|endoftext|>")
        self.positions = self.model.config.n_positions
        self.said: dict[tuple[int, ...], torch.Tensor] = {}

    def ids(self, text: str) -> list[int]:
        return self.tokenizer(text, add_special_tokens=False)["input_ids"]

    def sequence(self, prompt: str, word: str, apart: bool) -> tuple[list[int], int]:
        """Ids, and the index of the first token that holds any of the word."""
        if apart:
            before = self.ids(prompt)
            ids, word_from = before + self.ids(word), len(before)
        else:
            encoded = self.tokenizer(prompt + word, add_special_tokens=False, return_offsets_mapping=True)
            ids = encoded["input_ids"]
            word_from = next(at for at, (_, end) in enumerate(encoded["offset_mapping"]) if end > len(prompt))
        if word_from == 0 and self.end_of_text is not None:
            return [self.end_of_text] + ids, 1
        return ids, word_from

    def log_probabilities(self, prompt: str, words: list[str], apart: bool, score: str) -> tuple[list[tuple[float, int]], int] | None:
        """Sum over the scored tokens and their number, by word; how many tokens were cut. None: nothing would be left."""
        sequences = [self.sequence(prompt, word, apart) for word in words]
        cut = max(0, *(len(ids) - self.positions for ids, _ in sequences))
        if cut > 0 and any(word_from <= cut for _, word_from in sequences):
            return None
        found = []
        for ids, word_from in sequences:
            ids, first = ids[cut:], 1 if score == "text" else max(1, word_from - cut)
            found.append((self.of_each(ids)[first - 1 :].sum().item(), len(ids) - first))
        return found, cut

    def of_each(self, ids: list[int]) -> torch.Tensor:
        """The log-probability of each token but the first: [T - 1]."""
        key = tuple(ids)
        if key not in self.said:
            with torch.inference_mode():
                logits = self.model(torch.tensor([ids])).logits[0]  # [T, V]
            self.said[key] = logits[:-1].log_softmax(-1)[torch.arange(len(ids) - 1), torch.tensor(ids[1:])]
        return self.said[key]


def normalized(found: list[tuple[float, int]], empty: list[tuple[float, int]], normalize: str) -> list[float]:
    if normalize == "sum":
        return [total for total, _ in found]
    if normalize == "mean":
        return [total / count for total, count in found]
    return [total - after_empty for (total, _), (after_empty, _) in zip(found, empty)]


def expected(model: Model, prompt: str, label_words: dict, before: str, apart: bool, score: str, normalize: str) -> list | None:
    template = jinja2.Template(prompt, keep_trailing_newline=True)
    words = [(label, word) for label, some in label_words.items() for word in ([some] if isinstance(some, str) else some)]
    only = [word for _, word in words]
    empty = model.log_probabilities(before + template.render(sentence=""), only, apart, score)
    rows = []
    for sentence, _ in ROWS:
        found = model.log_probabilities(before + template.render(sentence=sentence), only, apart, score)
        if found is None or empty is None:
            rows.append(None)
            continue
        values = normalized(found[0], empty[0], normalize)
        scores = {label: max(value for (of, _), value in zip(words, values) if of == label) for label in label_words}
        rows.append({"scores": scores, "cutTokens": found[1]})
    return rows


def examples(prompt: str, label_words: dict, order) -> str:
    template = jinja2.Template(prompt, keep_trailing_newline=True)
    first = {label: some if isinstance(some, str) else some[0] for label, some in label_words.items()}
    return "".join(f"{template.render(sentence=sentence)}{first[label]}\n\n" for sentence, label in order)


def is_for_both(title: str, score: str, normalize: str) -> bool:
    """The larger model takes longer, so that it has not every combination; <|endoftext|> for an empty prompt is its own."""
    return normalize == {"label": "sum", "text": "mean"}[score] or (title == "nothing around" and normalize == "contextual")


def cases():
    for name in MODELS:
        model = Model(name)
        ways = itertools.product(PROMPTS.items(), [False, True], ["label", "text"], ["sum", "mean", "contextual"])
        for (title, (prompt, label_words, shots)), apart, score, normalize in ways:
            if name == MODELS[0] and not is_for_both(title, score, normalize):
                continue
            # Which of the examples comes first is for the seed to say.
            orders = list(itertools.permutations(SHOTS)) if shots else [()]
            rows = [expected(model, prompt, label_words, examples(prompt, label_words, order), apart, score, normalize) for order in orders]
            task = {"prompt": prompt, "labelWords": label_words, "shots": shots, "apart": apart, "score": score, "normalize": normalize}
            yield {"name": f"{Path(name).name}, {title}, {'apart' if apart else 'together'}, {score}, {normalize}", "model": name, "task": task, "orders": rows}


def main() -> None:
    torch.set_num_threads(1)
    FIXTURES.mkdir(exist_ok=True)
    lines = [json.dumps({"sentence": sentence, "label": label}, ensure_ascii=False) for sentence, label in ROWS + SHOTS]
    (FIXTURES / "rows.jsonl").write_text("\n".join(lines) + "\n")
    text = json.dumps({"rows": len(ROWS), "cases": list(cases())}, indent=1)
    (FIXTURES / "expected.json").write_text(text + "\n")


if __name__ == "__main__":
    main()

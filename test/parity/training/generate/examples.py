"""Prepared examples, as data/<part>.safetensors of a run folder holds them."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

VOCABULARY = 512
END = 0  # <|endoftext|> of the fixtures' tokenizer, and what pads
LABELS = 3
TRAIN_ROWS, VALIDATION_ROWS = 18, 5


@dataclass
class Examples:
    sequences: list[list[int]]
    prompt_tokens: list[int]
    scored: list[list[int]]
    row_offsets: list[int]
    labels: list[int] | None
    padded_length: int | None

    @property
    def rows(self) -> int:
        return len(self.row_offsets) - 1


def write_datasets(folder: Path) -> None:
    random = np.random.default_rng(5)
    makers = {
        "completions": lambda rows: completions(random, rows, completion_only=True),
        "all-tokens": lambda rows: completions(random, rows, completion_only=False),
        "label-words": lambda rows: label_words(random, rows),
        "packed": lambda rows: packed(random, rows),
        "texts": lambda rows: texts(random, rows, padded_length=None),
        "texts-padded": lambda rows: texts(random, rows, padded_length=20),
        "answers": lambda rows: answers(random, [2] * rows, completion_only=False),
        "ranked": lambda rows: answers(random, random.integers(2, 5, rows).tolist(), completion_only=False),
        "preferences": lambda rows: answers(random, [2] * rows, completion_only=True),
        "prompts": lambda rows: prompts(random, rows),
    }
    for name, make in makers.items():
        for part, rows in {"train": TRAIN_ROWS, "validation": VALIDATION_ROWS}.items():
            write_examples(make(rows), folder / name / f"{part}.safetensors")


def completions(random, rows: int, completion_only: bool) -> Examples:
    """Prompts and completions of different lengths; a completion ends with the end token."""
    prompts = [words(random, random.integers(3, 18)) for _ in range(rows)]
    sequences = [[*prompt, *words(random, random.integers(2, 12)), END] for prompt in prompts]
    first = [len(prompt) if completion_only else 1 for prompt in prompts]
    scored = [[int(place >= start) for place in range(len(ids))] for ids, start in zip(sequences, first)]
    return Examples(sequences, [len(prompt) for prompt in prompts], scored, list(range(rows + 1)), None, None)


def label_words(random, rows: int) -> Examples:
    """A row's sequences are its prompt with each label's word, one of which has two tokens."""
    label_ids = [[40], [41, 42], [43]]
    sequences, prompt_tokens, scored = [], [], []
    for _ in range(rows):
        prompt = words(random, random.integers(3, 18))
        for word in label_ids:
            sequences.append([*prompt, *word, END])
            prompt_tokens.append(len(prompt))
            scored.append([0] * len(prompt) + [1] * (len(word) + 1))
    labels = random.integers(0, LABELS, rows).tolist()
    return Examples(sequences, prompt_tokens, scored, list(range(0, 3 * rows + 1, 3)), labels, None)


def packed(random, rows: int) -> Examples:
    """Pieces of 24 tokens with texts ending inside, the last one shorter."""
    sequences = [words(random, 24) for _ in range(rows - 1)] + [words(random, 7)]
    for ids in sequences:
        ids[random.integers(0, len(ids))] = END
    scored = [[0] + [1] * (len(ids) - 1) for ids in sequences]
    return Examples(sequences, [0] * rows, scored, list(range(rows + 1)), None, None)


def texts(random, rows: int, padded_length: int | None) -> Examples:
    """To be classified. One ends with the id that also pads; the last token of a text is the last that is another."""
    sequences = [words(random, random.integers(1, 20)) for _ in range(rows)]
    sequences[0] = [*words(random, 5), END]
    scored = [[0] * len(ids) for ids in sequences]
    labels = random.integers(0, LABELS, rows).tolist()
    return Examples(sequences, [0] * rows, scored, list(range(rows + 1)), labels, padded_length)


def answers(random, counts: list[int], completion_only: bool) -> Examples:
    """A row's sequences are its prompt with each answer, best first. For a policy the answers end, and are scored."""
    sequences, prompt_tokens, scored = [], [], []
    for count in counts:
        prompt = words(random, random.integers(3, 12))
        for _ in range(count):
            answer = [*words(random, random.integers(1, 12)), *([END] if completion_only else [])]
            sequences.append([*prompt, *answer])
            prompt_tokens.append(len(prompt))
            scored.append([0] * len(prompt) + [int(completion_only)] * len(answer))
    return Examples(sequences, prompt_tokens, scored, np.cumsum([0, *counts]).tolist(), None, None)


def prompts(random, rows: int) -> Examples:
    """To be answered; the highest ids are left for whoever must fill up with one that no prompt has."""
    sequences = [random.integers(1, 500, random.integers(1, 12)).tolist() for _ in range(rows)]
    scored = [[0] * len(ids) for ids in sequences]
    return Examples(sequences, [len(ids) for ids in sequences], scored, list(range(rows + 1)), None, None)


def words(random, count: int) -> list[int]:
    return random.integers(1, VOCABULARY, count).tolist()


def write_examples(examples: Examples, path: Path) -> None:
    per_row = {end - start for start, end in zip(examples.row_offsets, examples.row_offsets[1:])}
    tensors = {
        "ids": np.concatenate(examples.sequences).astype(np.int32),
        "offsets": np.cumsum([0, *map(len, examples.sequences)]).astype(np.int64),
        "promptTokens": np.array(examples.prompt_tokens, np.int32),
        "scored": np.concatenate(examples.scored).astype(np.uint8),
    }
    metadata = {"sequencesPerRow": "2" if per_row == {2} else "1"}
    if per_row not in ({1}, {2}):
        metadata["sequencesPerRow"] = "variable"
        tensors["rowOffsets"] = np.array(examples.row_offsets, np.int64)
    if examples.labels is not None:
        tensors["labels"] = np.array(examples.labels, np.int64)
    if examples.padded_length is not None:
        metadata["paddedLength"] = str(examples.padded_length)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata)
    sort_header(path)


def sort_header(path: Path) -> None:
    """The library writes metadata in any order; sorted, the same content is the same file."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8 : 8 + length]), sort_keys=True, separators=(",", ":"))
    path.write_bytes(content[:8] + header.ljust(length).encode() + content[8 + length :])


def read_examples(path: Path) -> Examples:
    with safe_open(path, "numpy") as file:
        metadata = file.metadata()
        tensors = {key: file.get_tensor(key) for key in file.keys()}
    cuts = tensors["offsets"][1:-1]
    count = len(tensors["offsets"]) - 1
    each = 2 if metadata["sequencesPerRow"] == "2" else 1
    return Examples(
        [part.tolist() for part in np.split(tensors["ids"], cuts)],
        tensors["promptTokens"].tolist(),
        [part.tolist() for part in np.split(tensors["scored"], cuts)],
        tensors["rowOffsets"].tolist() if "rowOffsets" in tensors else list(range(0, count + 1, each)),
        tensors["labels"].tolist() if "labels" in tensors else None,
        int(metadata["paddedLength"]) if "paddedLength" in metadata else None,
    )

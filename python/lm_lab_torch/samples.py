"""What the model writes for a part's first rows: greedily, so that what changes between evaluations is the model."""

from pathlib import Path

import torch
from tokenizers import ByteLevelBPETokenizer, Tokenizer
from torch import nn

from .examples import Examples

MOST_SAMPLES = 3
MOST_NEW_TOKENS = 64
BEGINNING_TOKENS = 32  # of a text that has no prompt
END_OF_TEXT = "<|endoftext|>"


def open_tokenizer(folder: Path):
    file = folder / "tokenizer.json"
    if file.exists():
        return Tokenizer.from_file(str(file))
    tokenizer = ByteLevelBPETokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"))
    tokenizer.add_special_tokens([END_OF_TEXT])
    return tokenizer


def samples(model: nn.Module, tokenizer, examples: Examples, step: int) -> list[dict]:
    model.eval()
    return [_sample(model, tokenizer, examples, row, step) for row in range(min(MOST_SAMPLES, examples.rows))]


def _sample(model: nn.Module, tokenizer, examples: Examples, row: int, step: int) -> dict:
    """Of several sequences the one that the row's label names counts, else the first."""
    of_row = examples.sequences_of(row)
    label = 0 if examples.labels is None else int(examples.labels[row])
    sequence = of_row[min(label, len(of_row) - 1)]
    ids = examples.ids_of(sequence).tolist()
    given = int(examples.prompt_tokens[sequence]) or min(BEGINNING_TOKENS, -(-len(ids) // 2))
    end = tokenizer.token_to_id(END_OF_TEXT)

    def decoded(tokens: list[int]) -> str:
        return tokenizer.decode([id for id in tokens if id != end], skip_special_tokens=False)

    prompt = decoded(ids[:given])
    written = _greedy(model, tokenizer.encode(prompt, add_special_tokens=False).ids)
    reference = decoded(ids[given : given + MOST_NEW_TOKENS])
    return {"step": step, "prompt": prompt, "completion": decoded(written), "reference": reference}


@torch.no_grad()
def _greedy(model: nn.Module, prompt: list[int]) -> list[int]:
    """The tokens that are written, without the end token that ends them."""
    ends = model.config.eos_token_id
    ends = ends if isinstance(ends, list) else [ends]
    room = min(MOST_NEW_TOKENS, model.config.n_positions - len(prompt))
    written: list[int] = []
    given, cache = torch.tensor([prompt], device=model.device), None
    while len(written) < room and prompt:
        output = model(input_ids=given, past_key_values=cache, use_cache=True)
        token = int(output.logits[0, -1].argmax())
        if token in ends:
            break
        written.append(token)
        given, cache = torch.tensor([[token]], device=model.device), output.past_key_values
    return written

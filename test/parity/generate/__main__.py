"""Writes what transformers says about small random GPT-2 models, and the models: `python test/parity/generate test/parity/fixtures`.

Made with Python 3.11 and the versions in requirements.txt. The same versions give the same files, byte for byte.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoTokenizer, GPT2LMHeadModel

from decoding import filtered, generations
from models import MODELS, write_model
from reference import predict_next, score
from texts import FILM_CONTEXT, FILM_SENTENCES, TOKENIZER_TABLE, long_text, scored_texts

# Of these models `generate` is asked too.
DECODED = ["as-published", "head-size-64-untied-gelu", "inverse-layer-scale-sharded"]
STARTER = Path(__file__).parents[3] / "models" / "starter"


def main(output: Path) -> None:
    torch.manual_seed(3)
    for spec in MODELS:
        folder = output / spec.name
        write_model(spec, folder, STARTER)
        model, tokenizer = load(folder)
        positions = model.config.n_positions
        contexts = ["The", "The movie was full of", long_text(tokenizer, positions), long_text(tokenizer, positions + 9)]
        write_json(folder / "expected.json", expected(model, tokenizer, scored_texts(tokenizer, positions), contexts))
    decoded = {name: generations(*load(output / name)) for name in DECODED}
    write_json(output / "generate.json", decoded)
    write_json(output / "filters.json", filtered())
    model, tokenizer = load(STARTER)
    write_json(output / "starter.json", expected(model, tokenizer, FILM_SENTENCES, [FILM_CONTEXT]))
    write_json(output / "tokenizer.json", [{"text": text, "ids": encode(tokenizer, text)} for text in TOKENIZER_TABLE])


def load(folder: Path):
    """Weights as stored, arithmetic in float64, so that every difference found is our own rounding."""
    model = GPT2LMHeadModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    return model.double().eval(), AutoTokenizer.from_pretrained(folder)


def expected(model, tokenizer, texts: list[str], contexts: list[str]) -> dict:
    end_of_text = tokenizer.convert_tokens_to_ids("<|endoftext|>")
    return {
        "scores": [
            {"text": text, "firstToken": first, **score(model, encode(tokenizer, text), prefix)}
            for text in texts
            for first, prefix in [("unscored", []), ("endoftext", [end_of_text])]
        ],
        "next": [{"text": text, **predict_next(model, encode(tokenizer, text))} for text in contexts],
    }


def encode(tokenizer, text: str) -> list[int]:
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def write_json(path: Path, value) -> None:
    path.write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""What transformers and PEFT say of small classifiers: python test/parity/classify/generate

Writes test/parity/classify/fixtures: model folders and an adapter, with labels, probabilities after each token, and what
an adapter's merged weights are. Poolings that transformers does not have are written out here in PyTorch.
"""

import json
import math
import shutil
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel, PreTrainedTokenizerFast

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
# 512 tokens, without <|endoftext|>.
TOKENIZER = HERE.parents[1] / "fixtures" / "head-size-12" / "tokenizer.json"
PAD = 0
TEXTS = [
    "The movie was full of surprises.",
    "Ok",
    "I waited for two hours, and then the film began; nobody laughed, nobody cried, and nobody stayed to the end of it.",
    "café 😀 it",
]
# What an adapter adds to its base.
ADAPTED = ("lora_", "modules_to_save")
LABELS = {0: "bad", 1: "good", 2: "neither"}


def config(**changes) -> GPT2Config:
    fields = dict(n_embd=24, n_head=2, n_layer=2, n_positions=32, vocab_size=512, pad_token_id=PAD, bos_token_id=None, eos_token_id=None)
    return GPT2Config(**fields | changes)


def spread(model: torch.nn.Module, seed: int, only: tuple[str, ...] = ("",)) -> None:
    """Random weights that are large enough for labels to differ by text and by token."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        if "ln_" not in name and any(part in name for part in only):
            parameter.data = torch.randn(parameter.shape, generator=generator) * (0.3 if parameter.ndim > 1 else 0.1)


def classifier(seed: int, **changes) -> GPT2ForSequenceClassification:
    model = GPT2ForSequenceClassification(config(num_labels=3, id2label=LABELS, **changes)).eval()
    spread(model, seed)
    return model


def write(name: str, model, lm_lab: dict | None = None, extra: dict | None = None) -> Path:
    folder = FIXTURES / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    shutil.copy(TOKENIZER, folder / "tokenizer.json")
    if lm_lab is not None:
        file = folder / "config.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | {"lm_lab": lm_lab}, indent=2) + "\n")
    if extra:
        save_file(load_file(folder / "model.safetensors") | extra, folder / "model.safetensors", {"format": "pt"})
    return folder


def probabilities(logits: torch.Tensor) -> list[float]:
    return torch.softmax(logits.double(), -1).tolist()


def expected(ids: list[list[int]], logits_of) -> list[dict]:
    """For each text: the probabilities after each of its tokens, and so at the end."""
    longest = 32
    with torch.no_grad():
        return [
            {
                "cutTokens": max(0, len(text) - longest),
                "evolution": [probabilities(logits_of(text[:count])) for count in range(1, min(len(text), longest) + 1)],
            }
            for text in ids
        ]


def main() -> None:
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(TOKENIZER))
    ids = [tokenizer(text)["input_ids"] for text in TEXTS]
    cases = {}

    model = classifier(1)
    write("last", model)
    # In a batch with padding on the right, as it is trained.
    padded = lambda text: torch.tensor([text + [PAD] * (40 - len(text))])[:, :32]
    mask = lambda text: (torch.arange(32) < len(text)).long()[None]
    cases["last"] = expected(ids, lambda text: model(padded(text), attention_mask=mask(text)).logits[0])

    untied = classifier(2, tie_word_embeddings=False)
    write("untied", untied)
    cases["untied"] = expected(ids, lambda text: untied(torch.tensor([text])).logits[0])

    own = classifier(3)
    hidden = torch.nn.Linear(24, 10)
    score = torch.nn.Linear(10, 3)
    spread(hidden, 4)
    spread(score, 5)
    own.score = torch.nn.Linear(10, 3, bias=False)
    own.score.weight.data = score.weight.data
    extra = {
        "score.bias": score.bias.data,
        "classification.hidden.weight": hidden.weight.data,
        "classification.hidden.bias": hidden.bias.data,
    }
    for name, activation in [("mean-gelu", torch.nn.functional.gelu), ("first-tanh", torch.tanh)]:
        pooling, activation_name = name.split("-")
        head = {"size": 10, "activation": activation_name, "dropout": 0.1}
        write(name, own, {"pooling": pooling, "paddedLength": None, "hidden": head, "bias": True}, extra)

        def logits_of(text, pooling=pooling, activation=activation):
            states = own.transformer(torch.tensor([text])).last_hidden_state[0]
            return score(activation(hidden(states.mean(0) if pooling == "mean" else states[0])))

        cases[name] = expected(ids, logits_of)

    end = classifier(6)
    write("position", end, {"pooling": "position", "paddedLength": 32, "hidden": None, "bias": False})
    # Padding is attended to: no mask.
    cases["position"] = expected(ids, lambda text: end.score(end.transformer(padded(text)).last_hidden_state[0, -1]))

    adapters(ids, cases)
    (FIXTURES / "expected.json").write_text(json.dumps({"texts": TEXTS, "labels": list(LABELS.values()), "cases": cases}) + "\n")


def adapters(ids: list[list[int]], cases: dict) -> None:
    """A classifier's adapter, whose head is saved whole, and one of a language model."""
    base = classifier(7)
    folder = write("base", base)
    lora = LoraConfig(
        r=4, lora_alpha=6, target_modules=["c_attn", "c_proj", "c_fc"], fan_in_fan_out=True, modules_to_save=["score"], task_type="SEQ_CLS"
    )
    adapted = get_peft_model(base, lora).eval()
    spread(adapted, 8, ADAPTED)
    save_adapter(adapted, FIXTURES / "adapter")
    cases["adapter"] = expected(ids, lambda text: adapted(torch.tensor([text])).logits[0])

    language = GPT2LMHeadModel(config()).eval()
    spread(language, 9)
    write("language-base", language)
    rank_stabilized = LoraConfig(r=4, lora_alpha=3, target_modules=["c_attn"], fan_in_fan_out=True, use_rslora=True, task_type="CAUSAL_LM")
    adapted = get_peft_model(language, rank_stabilized).eval()
    spread(adapted, 10, ADAPTED)
    save_adapter(adapted, FIXTURES / "language-adapter", base="../language-base")
    with torch.no_grad():
        # Of those that fit into the context: longer ones are scored in windows.
        fitting = {text: ids for text, ids in zip(TEXTS, ids) if 1 < len(ids) <= 32}
        losses = {text: float(adapted(torch.tensor([ids]), labels=torch.tensor([ids])).loss) for text, ids in fitting.items()}
    (FIXTURES / "language-adapter" / "expected.json").write_text(
        json.dumps({"perplexities": {text: math.exp(loss) for text, loss in losses.items()}}) + "\n"
    )


def save_adapter(model, folder: Path, base: str = "../base") -> None:
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    file = folder / "adapter_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"base_model_name_or_path": base}, indent=2, sort_keys=True) + "\n")


main()

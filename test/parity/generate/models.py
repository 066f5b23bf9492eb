"""Small GPT-2 models with random weights, one for each thing that a config.json or a weight file may say."""

import json
import math
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel

from texts import FILM_SENTENCES, STORY

# How far apart a position's logits lie, as a standard deviation: peaked enough that ranks and entropies vary.
LOGIT_SPREAD = 2.5


@dataclass
class ModelSpec:
    name: str
    config: dict
    stored: torch.dtype = torch.float32
    prefix: bool = True  # keys begin with `transformer.`
    masks: bool = False  # attn.bias and attn.masked_bias are stored, as the published GPT-2 files have them
    head: bool = False  # lm_head.weight is stored although it is tied
    shard_size: str | None = None
    absent: list[str] = field(default_factory=list)  # left out of config.json: the defaults of transformers apply
    gpt2_vocabulary: bool = False  # in vocab.json and merges.txt, instead of 512 tokens in tokenizer.json


MODELS = [
    ModelSpec("head-size-12", dict(n_embd=24, n_head=2, n_layer=2, n_positions=32)),
    ModelSpec(
        "head-size-64-untied-gelu",
        dict(n_embd=128, n_head=2, n_layer=2, n_positions=48, activation_function="gelu", tie_word_embeddings=False),
        prefix=False,
    ),
    ModelSpec(
        "relu-inner-f16",
        dict(n_embd=48, n_head=4, n_layer=2, n_positions=40, activation_function="relu", n_inner=100, layer_norm_epsilon=1e-2),
        stored=torch.float16,
    ),
    ModelSpec(
        "unscaled-attention-bf16",
        dict(n_embd=36, n_head=3, n_layer=2, n_positions=32, scale_attn_weights=False),
        stored=torch.bfloat16,
        head=True,
    ),
    ModelSpec(
        "inverse-layer-scale-sharded",
        dict(n_embd=64, n_head=1, n_layer=4, n_positions=32, scale_attn_by_inverse_layer_idx=True),
        shard_size="250KB",
    ),
    ModelSpec(
        "as-published",
        dict(n_embd=64, n_head=1, n_layer=3, n_positions=64),
        prefix=False,
        masks=True,
        absent=[
            "activation_function",
            "layer_norm_epsilon",
            "n_inner",
            "scale_attn_by_inverse_layer_idx",
            "scale_attn_weights",
            "tie_word_embeddings",
        ],
    ),
    ModelSpec(
        "gpt2-vocabulary",
        dict(n_embd=12, n_head=1, n_layer=1, n_positions=64, vocab_size=50257),
        stored=torch.float16,
        gpt2_vocabulary=True,
    ),
]


def write_model(spec: ModelSpec, folder: Path, starter: Path) -> None:
    """`starter` is a model folder with GPT-2's own tokenizer.json."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    end_of_text = 50256 if spec.gpt2_vocabulary else 0
    ends = dict(bos_token_id=end_of_text, eos_token_id=end_of_text)
    model = GPT2LMHeadModel(GPT2Config(**{"vocab_size": 512, **ends, **spec.config}))
    randomize(model)
    model.to(spec.stored).save_pretrained(folder, max_shard_size=spec.shard_size or "1GB")
    (folder / "generation_config.json").unlink()
    rewrite_config(folder / "config.json", spec.absent)
    if spec.shard_size is None:
        rewrite_keys(folder / "model.safetensors", spec, model)
    if spec.gpt2_vocabulary:
        write_vocabulary_and_merges(starter / "tokenizer.json", folder)
    else:
        small_tokenizer().save(str(folder / "tokenizer.json"))


def randomize(model: GPT2LMHeadModel) -> None:
    width = model.config.n_embd
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith(("wte.weight", "wpe.weight", "lm_head.weight")):
                parameter.normal_(0, LOGIT_SPREAD / math.sqrt(width))
            elif ".ln_" in name:
                parameter.normal_(1 if name.endswith("weight") else 0, 0.1)
            elif name.endswith("bias"):
                parameter.normal_(0, 0.1)
            else:
                parameter.normal_(0, 1.5 / math.sqrt(parameter.shape[0]))  # Conv1D: [in, out]


def rewrite_config(path: Path, absent: list[str]) -> None:
    config = json.loads(path.read_text())
    path.write_text(json.dumps({key: value for key, value in config.items() if key not in absent}, indent=2) + "\n")


def rewrite_keys(path: Path, spec: ModelSpec, model: GPT2LMHeadModel) -> None:
    tensors = load_file(path)
    if spec.masks:
        n = spec.config["n_positions"]
        for layer in range(spec.config["n_layer"]):
            tensors[f"transformer.h.{layer}.attn.bias"] = torch.ones(n, n).tril().view(1, 1, n, n)
            tensors[f"transformer.h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)
    if spec.head:
        tensors["lm_head.weight"] = model.transformer.wte.weight.detach().clone()
    if not spec.prefix:
        tensors = {key.removeprefix("transformer."): tensor for key, tensor in tensors.items()}
    save_file(tensors, path, metadata={"format": "pt"})


def small_tokenizer() -> Tokenizer:
    """Byte-level BPE like GPT-2's, with 512 ids; `<|endoftext|>` is 0."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=512,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator([STORY, *FILM_SENTENCES], trainer)
    return tokenizer


def write_vocabulary_and_merges(tokenizer: Path, folder: Path) -> None:
    model = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    vocab = json.dumps({**model["vocab"], "<|endoftext|>": 50256}, separators=(",", ":"))
    (folder / "vocab.json").write_text(vocab + "\n", encoding="utf-8")
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n", encoding="utf-8")

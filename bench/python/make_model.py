"""Writes GPT-2 with random weights: `make_model.py [--size medium | large | xl] <folder> [label …]`.

Its smallest size (124 million parameters), or gpt2-medium's (355 million), gpt2-large's (774 million) or gpt2-xl's
(1,558 million), the last two in float16. With labels it has a head that tells them apart.
"""

import argparse

import torch
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel

SIZES = {
    "small": {},
    "medium": {"n_layer": 24, "n_embd": 1024, "n_head": 16},
    "large": {"n_layer": 36, "n_embd": 1280, "n_head": 20},
    "xl": {"n_layer": 48, "n_embd": 1600, "n_head": 25},
}

parser = argparse.ArgumentParser()
parser.add_argument("--size", choices=SIZES, default="small")
parser.add_argument("folder")
parser.add_argument("labels", nargs="*")
arguments = parser.parse_args()
labels = arguments.labels
sizes = SIZES[arguments.size]
if arguments.size in ("large", "xl"):
    torch.set_default_dtype(torch.float16)
torch.manual_seed(0)
if labels:
    numbers = {label: index for index, label in enumerate(labels)}
    names = {index: label for label, index in numbers.items()}
    model = GPT2ForSequenceClassification(GPT2Config(id2label=names, label2id=numbers, pad_token_id=50256, **sizes))
else:
    model = GPT2LMHeadModel(GPT2Config(**sizes))
model.save_pretrained(arguments.folder)

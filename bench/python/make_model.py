"""Writes GPT-2's smallest size (124 million parameters) with random weights: `make_model.py <folder> [label …]`.

With labels it has a head that tells them apart.
"""

import sys

import torch
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel

folder, *labels = sys.argv[1:]
torch.manual_seed(0)
if labels:
    numbers = {label: index for index, label in enumerate(labels)}
    names = {index: label for label, index in numbers.items()}
    model = GPT2ForSequenceClassification(GPT2Config(id2label=names, label2id=numbers, pad_token_id=50256))
else:
    model = GPT2LMHeadModel(GPT2Config())
model.save_pretrained(folder)

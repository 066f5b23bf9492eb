"""Writes GPT-2 with random weights: `make_model.py [--medium] <folder> [label …]`.

Its smallest size (124 million parameters), or gpt2-medium's (355 million). With labels it has a head that tells them apart.
"""

import argparse

import torch
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel

parser = argparse.ArgumentParser()
parser.add_argument("--medium", action="store_true")
parser.add_argument("folder")
parser.add_argument("labels", nargs="*")
arguments = parser.parse_args()
labels = arguments.labels
sizes = {"n_layer": 24, "n_embd": 1024, "n_head": 16} if arguments.medium else {}
torch.manual_seed(0)
if labels:
    numbers = {label: index for index, label in enumerate(labels)}
    names = {index: label for label, index in numbers.items()}
    model = GPT2ForSequenceClassification(GPT2Config(id2label=names, label2id=numbers, pad_token_id=50256, **sizes))
else:
    model = GPT2LMHeadModel(GPT2Config(**sizes))
model.save_pretrained(arguments.folder)

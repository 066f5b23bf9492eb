"""Writes GPT-2's smallest size (124 million parameters) with random weights: `make_model.py <folder>`."""

import sys

import torch
from transformers import GPT2Config, GPT2LMHeadModel

torch.manual_seed(0)
GPT2LMHeadModel(GPT2Config()).save_pretrained(sys.argv[1])

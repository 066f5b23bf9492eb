"""Trains a run folder of LM Lab by PyTorch: transformers and PEFT models, Accelerate around them.

`python -m lm_lab_torch RUN` reads RUN/run.json and the prepared examples in RUN/data, and writes what the trainer that
is built into LM Lab writes: status.json, metrics.jsonl, samples.jsonl, checkpoints, model and result.json. Whoever
reads the folder cannot tell which of them trained.

Letters in shapes: R rows, S sequences of all rows, T tokens of the longest, N scored tokens, D model width,
V vocabulary, C classes.
"""

"""The other side of the DPO benchmark: `preference_side.py <run folder> <threads> <steps>`.

TRL's DPOTrainer on the run's own prepared pairs, in file order, as its run.json says. Prints one JSON line a step, and at
the end the peak of its memory. Times are taken from step to step and hold nothing of loading.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import torch
from datasets import Dataset
from safetensors.torch import load_file
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast, PrinterCallback, TrainerCallback
from trl import DPOConfig, DPOTrainer

from memory import peak_bytes

END = "<|endoftext|>"


def main(folder: Path, threads: int, steps: int) -> None:
    torch.set_num_threads(threads)
    run = json.loads((folder / "run.json").read_text())
    model_folder = (folder / run["model"]).resolve()
    tokenizer_file = str(model_folder / "tokenizer.json")
    clock = Clock()
    with tempfile.TemporaryDirectory() as output:
        trainer = PreparedPairs(
            model=load_model(model_folder),
            args=arguments(run, output),
            train_dataset=Dataset.from_list(pairs(folder / "data" / "train.safetensors")),
            processing_class=PreTrainedTokenizerFast(tokenizer_file=tokenizer_file, eos_token=END, pad_token=END),
            callbacks=[clock],
        )
        clock.last = steps
        trainer.remove_callback(PrinterCallback)  # standard output is for the lines that are read
        trainer.train()
    figures = [line for line in trainer.state.log_history if "loss" in line]
    for step, (seconds, line) in enumerate(zip(clock.seconds, figures), start=1):
        told = {"loss": float(line["loss"]), "gradientNorm": float(line["grad_norm"])}
        print(json.dumps({"step": step, "seconds": seconds, "examples": run["training"]["batchSize"], **told}))
    print(json.dumps({"peakBytes": peak_bytes()}), flush=True)


class PreparedPairs(DPOTrainer):
    """What is prepared already, in file order."""

    def _prepare_dataset(self, dataset, *_, **__):
        return dataset

    def _get_train_sampler(self, *_):
        return torch.utils.data.SequentialSampler(self.train_dataset)


class Clock(TrainerCallback):
    """Seconds of each step; ends the training after the last one wanted."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.last = 0
        self.start = 0.0

    def on_step_begin(self, *_, **__) -> None:
        self.start = time.perf_counter()

    def on_step_end(self, _, state, control, **__) -> None:
        self.seconds.append(time.perf_counter() - self.start)
        control.should_training_stop = state.global_step >= self.last


def load_model(folder: Path) -> GPT2LMHeadModel:
    config = GPT2Config.from_pretrained(folder, attn_pdrop=0.0, embd_pdrop=0.0, resid_pdrop=0.0)
    return GPT2LMHeadModel.from_pretrained(folder, config=config, dtype=torch.float32)


def arguments(run: dict, output: str) -> DPOConfig:
    settings = run["training"]
    return DPOConfig(
        output_dir=output,
        max_steps=settings["maxSteps"],
        per_device_train_batch_size=settings["batchSize"],
        learning_rate=settings["learningRate"],
        lr_scheduler_type=settings["schedule"],
        weight_decay=settings["weightDecay"],
        adam_epsilon=settings["epsilon"],
        max_grad_norm=settings["maxGradientNorm"],
        beta=run["dpo"]["beta"],
        max_length=None,
        logging_steps=1,
        report_to="none",
        save_strategy="no",
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        disable_tqdm=True,
    )


def pairs(file: Path) -> list[dict]:
    """A row's sequences are its chosen and its rejected answer, each after the prompt."""
    examples = load_file(file)
    ids, offsets, prompts = (examples[name].tolist() for name in ("ids", "offsets", "promptTokens"))
    sequences = [ids[start:end] for start, end in zip(offsets, offsets[1:])]
    return [
        {
            "prompt_ids": chosen[:prompt],
            "chosen_ids": chosen[prompt:],
            "rejected_ids": rejected[prompt:],
        }
        for chosen, rejected, prompt in zip(sequences[::2], sequences[1::2], prompts[::2])
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

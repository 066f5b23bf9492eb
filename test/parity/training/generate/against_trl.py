"""Trains by TRL's own trainers and prints how far the fixtures are from them: `python …/generate/against_trl.py`.

Needs trl==1.16.0 and datasets beside requirements.txt. Of DPO just the sigmoid loss without smoothing is compared: TRL
ignores smoothing there, and its ipo is another one than that of contracts. The mean of rewards drifts apart a little: the
final norm's bias moves all scores alike, so that its gradient is rounding.
"""

import json
import tempfile

import torch
from datasets import Dataset
from safetensors.torch import load_file
from transformers import GPT2ForSequenceClassification, GPT2LMHeadModel, PreTrainedTokenizerFast
from trl import DPOConfig, DPOTrainer, RewardConfig, RewardTrainer

from examples import END, Examples, read_examples
from trl_comparison import FIXTURES, MODEL, NO_DROPOUT, QUIETLY, largest_differences

OURS = {
    "loss": "loss",
    "grad_norm": "gradientNorm",
    "rewards/chosen": "rewardsChosen",
    "rewards/rejected": "rewardsRejected",
    "rewards/margins": "rewardsMargin",
    "rewards/accuracies": "rewardsAccuracy",
    "logps/chosen": "logpsChosen",
    "logps/rejected": "logpsRejected",
    "accuracy": "accuracy",
    "mean_reward": "rewardMean",
    "margin": "rewardMargin",
}


def main() -> None:
    compare("dpo", "preferences", Preferences, lambda name: GPT2LMHeadModel.from_pretrained(MODEL, **NO_DROPOUT), pairs)
    compare("reward", "answers", Rewards, reward_model, answers)


class InFileOrder:
    """What is prepared already, in file order."""

    def _prepare_dataset(self, dataset, *_, **__):
        return dataset

    def _get_train_sampler(self, *_):
        return torch.utils.data.SequentialSampler(self.train_dataset)


class Preferences(InFileOrder, DPOTrainer):
    config = DPOConfig


class Rewards(InFileOrder, RewardTrainer):
    config = RewardConfig


def reward_model(name: str) -> GPT2ForSequenceClassification:
    model = GPT2ForSequenceClassification.from_pretrained(MODEL, num_labels=1, pad_token_id=END, **NO_DROPOUT)
    model.load_state_dict(load_file(FIXTURES / "starting" / f"{name}.safetensors"), strict=False)
    return model


def pairs(examples: Examples, chosen: int) -> dict:
    prompt = examples.prompt_tokens[chosen]
    one, other = examples.sequences[chosen], examples.sequences[chosen + 1]
    return {"prompt_ids": one[:prompt], "chosen_ids": one[prompt:], "rejected_ids": other[prompt:]}


def answers(examples: Examples, chosen: int) -> dict:
    return {"chosen_ids": examples.sequences[chosen], "rejected_ids": examples.sequences[chosen + 1]}


def compare(name: str, data: str, trainer: type, model, row_of) -> None:
    expected = json.loads((FIXTURES / "trajectories" / f"{name}.json").read_text(encoding="utf-8"))
    settings, run = expected["run"]["training"], expected["run"]
    examples = read_examples(FIXTURES / "data" / data / "train.safetensors")
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(MODEL / "tokenizer.json"), eos_token="<|endoftext|>", pad_token="<|endoftext|>"
    )
    with tempfile.TemporaryDirectory() as folder:
        arguments = trainer.config(
            output_dir=folder,
            max_steps=settings["maxSteps"],
            per_device_train_batch_size=settings["batchSize"],
            learning_rate=settings["learningRate"],
            lr_scheduler_type=settings["schedule"],
            weight_decay=settings["weightDecay"],
            adam_epsilon=settings["epsilon"],
            max_grad_norm=settings["maxGradientNorm"],
            **QUIETLY,
            **({"beta": run["dpo"]["beta"]} if "dpo" in run else {}),
        )
        rows = Dataset.from_list([row_of(examples, chosen) for chosen in range(0, 2 * examples.rows, 2)])
        training = trainer(model=model(name), args=arguments, train_dataset=rows, processing_class=tokenizer)
        training.train()
    steps = [line for line in training.state.log_history if "loss" in line]
    print(name, largest_differences(steps, expected["steps"], OURS))


if __name__ == "__main__":
    main()

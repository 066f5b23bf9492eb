"""Trains by TRL's own PPOTrainer on the recorded answers and prints how far the fixture is from it:
`python …/generate/against_trl_ppo.py`.

Needs trl==1.12.0, the last release that has trl.experimental.ppo, datasets and pandas beside requirements.txt. Its value
model is given the policy's own trunk, so that both share it, and a linear head with a bias. Generation and scores are
those of the fixture; TRL clips no gradients, so the case without clipping is compared.
"""

import json
import tempfile
from types import SimpleNamespace

import torch
from datasets import Dataset
from safetensors.torch import load_file
from torch.utils.data import SequentialSampler
from transformers import GPT2ForSequenceClassification, GPT2LMHeadModel
from trl.experimental.ppo import PPOConfig, PPOTrainer, ppo_trainer

from examples import END, read_examples
from training import steps_of
from trl_comparison import FIXTURES, MODEL, NO_DROPOUT, QUIETLY, largest_differences

PAD = 511  # an id that no prompt and no answer has: TRL tells padding by it
OURS = {
    "objective/kl": "kl",
    "objective/entropy": "entropy",
    "objective/scores": "scoreMean",
    "policy/approxkl_avg": "approximateKl",
    "policy/clipfrac_avg": "clipFraction",
    "loss/policy_avg": "policyLoss",
    "loss/value_avg": "valueLoss",
}


def main() -> None:
    expected = json.loads((FIXTURES / "ppo" / "ppo.json").read_text(encoding="utf-8"))
    settings, ppo, steps = expected["run"]["training"], expected["run"]["ppo"], iter(expected["rollouts"])
    prompts = read_examples(FIXTURES / "data" / "prompts" / "train.safetensors")
    tokenizer = SimpleNamespace(pad_token_id=PAD, eos_token_id=END)
    current: list[dict] = []

    def recorded(model, queries, _, pad_token_id, __):
        current[:] = next(steps)
        width = max(len(each["response"]) for each in current)
        responses = torch.tensor([[*each["response"], *[PAD] * (width - len(each["response"]))] for each in current])
        whole = torch.cat([queries, responses], 1)
        logits = ppo_trainer.forward(model, whole, pad_token_id).logits[:, queries.shape[1] - 1 : -1]
        return whole, logits / (ppo["temperature"] + 1e-7)

    get_reward = ppo_trainer.get_reward

    def scored(model, *arguments):
        if model is trainer.value_model:
            return get_reward(model, *arguments)
        return None, torch.tensor([each["score"] for each in current]), None

    rows = [row for step in zip(steps_of(prompts.rows, settings), expected["rollouts"]) for row in step[0]]
    with tempfile.TemporaryDirectory() as folder:
        arguments = PPOConfig(
            output_dir=folder,
            total_episodes=len(rows),
            per_device_train_batch_size=settings["batchSize"],
            num_ppo_epochs=ppo["epochsPerBatch"],
            learning_rate=settings["learningRate"],
            lr_scheduler_type=settings["schedule"],
            weight_decay=settings["weightDecay"],
            kl_coef=ppo["klCoefficient"],
            cliprange=ppo["clipRange"],
            cliprange_value=ppo["valueClipRange"],
            vf_coef=ppo["valueCoefficient"],
            gamma=ppo["gamma"],
            lam=ppo["lambda"],
            temperature=ppo["temperature"],
            response_length=ppo["maxNewTokens"],
            stop_token="eos",
            num_sample_generations=0,
            **QUIETLY,
        )
        policy = GPT2LMHeadModel.from_pretrained(MODEL, **NO_DROPOUT)
        data = Dataset.from_list([{"input_ids": prompts.sequences[row]} for row in rows])
        trainer = PPOTrainer(
            args=arguments,
            processing_class=tokenizer,
            model=policy,
            ref_model=GPT2LMHeadModel.from_pretrained(MODEL, **NO_DROPOUT),
            reward_model=GPT2ForSequenceClassification.from_pretrained(MODEL, num_labels=1, **NO_DROPOUT),
            value_model=value_model(policy),
            train_dataset=data,
            eval_dataset=data,
            data_collator=filled_up,
        )
        trainer.dataloader = torch.utils.data.DataLoader(
            data, settings["batchSize"], sampler=SequentialSampler(data), collate_fn=filled_up
        )
        ppo_trainer.batch_generation, ppo_trainer.get_reward = recorded, scored
        trainer.train()
    told = [line for line in trainer.state.log_history if "objective/kl" in line]
    print(largest_differences(told, expected["steps"], OURS))


def filled_up(rows: list[dict]) -> dict[str, torch.Tensor]:
    """On the left, as TRL has prompts."""
    width = max(len(row["input_ids"]) for row in rows)
    return {"input_ids": torch.tensor([[*[PAD] * (width - len(row["input_ids"])), *row["input_ids"]] for row in rows])}


def value_model(policy: GPT2LMHeadModel) -> GPT2ForSequenceClassification:
    """The policy's own trunk under the fixture's head."""
    model = GPT2ForSequenceClassification.from_pretrained(MODEL, num_labels=1, **NO_DROPOUT)
    model.transformer = policy.transformer
    head = load_file(FIXTURES / "starting" / "ppo.safetensors")
    model.score = torch.nn.Linear(policy.config.n_embd, 1)
    model.score.load_state_dict({key: head[f"v_head.summary.{key}"] for key in ["weight", "bias"]})
    return model


if __name__ == "__main__":
    main()

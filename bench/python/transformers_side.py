"""The other side of the benchmark: `transformers_side.py <model folder> <threads>`.

Reads one JSON request a line, {"action": "score" | "forward" | "generate" | "respond" | "read" | "zeroShot", "text": …}, and answers each with one
line. Times are taken here, so that they hold nothing of the pipe.
"""

import json
import sys
import time

import torch
from transformers import AutoTokenizer, GenerationConfig, GPT2LMHeadModel

from memory import peak_bytes

TOP = 10
END = 50256


def main(folder: str, threads: int) -> None:
    torch.set_num_threads(threads)
    model = GPT2LMHeadModel.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    actions = {
        "score": score,
        "forward": forward,
        "generate": generate,
        "respond": respond,
        "read": read_weights,
        "zeroShot": zero_shot,
    }
    for line in sys.stdin:
        request = json.loads(line)
        start = time.perf_counter()
        with torch.inference_mode():
            figures = actions[request.pop("action")](model, tokenizer, **request)
        print(json.dumps({"seconds": time.perf_counter() - start, "peakBytes": peak_bytes(), **figures}), flush=True)


def score(model, tokenizer, text: str) -> dict:
    """The figures that LM Lab gives for each position: probability, rank, entropy, the ten likeliest tokens."""
    ids = tokenizer(text, return_tensors="pt")["input_ids"]  # [1, T]
    logits = model(ids).logits[0, :-1]  # [T - 1, V]
    targets = ids[0, 1:, None]  # [T - 1, 1]
    log_probabilities = logits.log_softmax(-1)
    of_targets = log_probabilities.gather(-1, targets)
    ranks = (log_probabilities > of_targets).sum(-1) + 1
    entropies = -(log_probabilities.exp() * log_probabilities).sum(-1)
    top = log_probabilities.topk(TOP)
    return {
        "tokens": ids.shape[1],
        "perplexity": of_targets.mean().neg().exp().item(),
        "meanRank": ranks.double().mean().item(),
        "meanEntropyNats": entropies.mean().item(),
        "top": list(zip(top.indices[-1].tolist(), top.values[-1].exp().tolist())),
    }


def forward(model, tokenizer, text: str) -> dict:
    ids = tokenizer(text, return_tensors="pt")["input_ids"]  # [1, T]
    return {"top": model(ids).logits[0, -1].topk(TOP).indices.tolist()}


def generate(model, tokenizer, text: str, newTokens: int, beams: int) -> dict:
    """Without an end token, so that both sides make as many."""
    inputs = tokenizer(text, return_tensors="pt")
    config = GenerationConfig(max_new_tokens=newTokens, num_beams=beams, eos_token_id=None, pad_token_id=END)
    sequences = model.generate(**inputs, generation_config=config)  # [1, T]
    return {"ids": sequences[0, inputs["input_ids"].shape[1] :].tolist()}


def respond(model, tokenizer, text: str, prompts: list[str], newTokens: int) -> dict:
    """Greedy, all prompts in one batch, padded on the left as decoders need it; without an end token."""
    tokenizer.padding_side, tokenizer.pad_token_id = "left", END
    inputs = tokenizer(prompts, return_tensors="pt", padding=True)
    config = GenerationConfig(max_new_tokens=newTokens, eos_token_id=None, pad_token_id=END)
    sequences = model.generate(**inputs, generation_config=config)  # [B, T]
    made = sequences[:, inputs["input_ids"].shape[1] :].tolist()
    return {"texts": [tokenizer.decode(ids, clean_up_tokenization_spaces=False) for ids in made]}


def zero_shot(model, tokenizer, text: str, prompts: list[str], words: list[str]) -> dict:
    """The usual loop: one forward pass an example, the words compared at its last position."""
    ids = [tokenizer(word)["input_ids"] for word in words]
    if any(len(word) != 1 for word in ids):
        raise ValueError(f"Words of one token each are needed, and not {ids}.")
    of_words = torch.tensor(ids).flatten()  # [L]
    scores = []
    for prompt in prompts:
        logits = model(**tokenizer(prompt, return_tensors="pt")).logits  # [1, T, V]
        scores.append(logits[0, -1].log_softmax(-1)[of_words].tolist())
    return {"scores": scores}


def read_weights(model, tokenizer, text: str) -> dict:
    """What no decoder with these weights in float32 can be faster than; positions are looked up, not read."""
    count = sum(p.numel() for name, p in model.named_parameters() if not name.endswith("wpe.weight"))
    weights = torch.ones(count)
    times = []
    for _ in range(15):
        start = time.perf_counter()
        weights.sum()
        times.append(time.perf_counter() - start)
    return {"readSeconds": min(times)}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

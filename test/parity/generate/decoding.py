"""What transformers' `generate` makes of prompts, and what its processors leave of fixed scores."""

import torch
from transformers import GenerationConfig
from transformers.generation.logits_process import (
    LogitsProcessorList,
    MinPLogitsWarper,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
    TypicalLogitsWarper,
)

PROMPTS = ["The movie was full of", "Call me Ishmael. Some years ago"]
TOKENS = 14
# The random models seldom end a text by themselves.
LIKELY_END = [{"id": 0, "value": 5}]

GREEDY = [
    {},
    {"repetitionPenalty": 1.3},
    {"repetitionPenalty": 0.7},
    {"noRepeatNgram": 1},
    {"noRepeatNgram": 2, "repetitionPenalty": 1.1},
    {"bias": LIKELY_END},
    {"ban": [125, 30, 331, 159, 70]},
]
BEAM = [
    {"beams": 2},
    {"beams": 4, "returned": 4},
    {"beams": 5, "returned": 3, "bias": LIKELY_END},
    {"beams": 4, "returned": 4, "bias": LIKELY_END, "lengthPenalty": 0},
    {"beams": 4, "returned": 2, "bias": LIKELY_END, "lengthPenalty": 2.5},
    {"beams": 4, "returned": 2, "bias": LIKELY_END, "lengthPenalty": -1},
    {"beams": 3, "returned": 3, "bias": LIKELY_END, "earlyStopping": True},
    {"beams": 3, "returned": 3, "bias": LIKELY_END, "earlyStopping": True, "lengthPenalty": 2},
    {"beams": 4, "returned": 4, "repetitionPenalty": 1.4},
    {"beams": 4, "returned": 4, "noRepeatNgram": 2},
    {"beams": 4, "returned": 4, "noRepeatNgram": 1, "repetitionPenalty": 0.8, "bias": LIKELY_END, "lengthPenalty": 0.5},
]

# Our names of options, and transformers'.
NAMES = {
    "maxNewTokens": "max_new_tokens",
    "repetitionPenalty": "repetition_penalty",
    "noRepeatNgram": "no_repeat_ngram_size",
    "ban": "suppress_tokens",
    "beams": "num_beams",
    "lengthPenalty": "length_penalty",
    "earlyStopping": "early_stopping",
    "returned": "num_return_sequences",
    "stop": "stop_strings",
}


def generations(model, tokenizer) -> list[dict]:
    settings = [{"decoding": "greedy", **options} for options in GREEDY]
    settings += [{"decoding": "beam", **options} for options in BEAM]
    return [
        case(model, tokenizer, prompt, {"maxNewTokens": TOKENS, **options}) for prompt in PROMPTS for options in settings
    ] + [stopped(model, tokenizer, prompt) for prompt in PROMPTS]


def case(model, tokenizer, prompt: str, settings: dict) -> dict:
    ids = tokenizer(prompt, add_special_tokens=False, return_tensors="pt")["input_ids"]  # [1, T]
    options = {NAMES[name]: value for name, value in settings.items() if name in NAMES}
    if "bias" in settings:
        options["sequence_bias"] = {(bias["id"],): float(bias["value"]) for bias in settings["bias"]}
    config = GenerationConfig(
        do_sample=False, eos_token_id=0, pad_token_id=0, output_scores=True, return_dict_in_generate=True, **options
    )
    with torch.no_grad():
        output = model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=config, tokenizer=tokenizer)
    scores = getattr(output, "sequences_scores", None)
    found = [
        {"ids": until_end(sequence[ids.shape[1] :].tolist()), **({} if scores is None else {"score": scores[i].item()})}
        for i, sequence in enumerate(output.sequences)
    ]
    return {"prompt": prompt, "settings": settings, "generations": found}


def stopped(model, tokenizer, prompt: str) -> dict:
    """Ended by a string that begins in one token and ends in the next."""
    settings = {"decoding": "greedy", "maxNewTokens": TOKENS, "noRepeatNgram": 1}
    free = case(model, tokenizer, prompt, settings)["generations"][0]["ids"]
    texts = [tokenizer.decode([id]) for id in free]
    for first, second in zip(texts[1:], texts[2:]):
        if first and first.isascii() and second.isascii() and len(second) > 1:
            return case(model, tokenizer, prompt, {**settings, "stop": [first[-1] + second[:2]]})
    raise ValueError(f"No such string in {texts}.")


def until_end(ids: list[int]) -> list[int]:
    """With the end token, without the padding after it, which is the same token."""
    return ids[: ids.index(0) + 1] if 0 in ids else ids


FILTERS = [
    {"temperature": 0.7},
    {"temperature": 1.8},
    {"topK": 1},
    {"topK": 5},
    {"topK": 1000},
    {"topP": 0.5},
    {"topP": 0.9},
    {"topP": 0.999},
    {"topP": 0.0001},
    {"topP": 1},
    {"minP": 0.1},
    {"minP": 0.5},
    {"minP": 1},
    {"typicalP": 0.2},
    {"typicalP": 0.9},
    {"typicalP": 1},
    {"temperature": 0.8, "topK": 20, "topP": 0.9, "minP": 0.02, "typicalP": 0.95},
    {"temperature": 2.5, "topK": 7, "typicalP": 0.5},
]
WARPERS = {
    "temperature": TemperatureLogitsWarper,
    "topK": TopKLogitsWarper,
    "topP": TopPLogitsWarper,
    "minP": MinPLogitsWarper,
    "typicalP": TypicalLogitsWarper,
}


def filtered() -> dict:
    """Of each case, `left` holds those that are: [id, probability]."""
    vectors = score_vectors()
    return {
        "vectors": {name: scores.tolist() for name, scores in vectors.items()},
        "cases": [
            {"vector": name, "settings": settings, "left": left(scores, settings)}
            for name, scores in vectors.items()
            for settings in FILTERS
        ],
    }


def score_vectors() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    normal = torch.randn(60, generator=generator)
    return {
        "peaked": 4 * normal,
        "flat": 0.3 * normal - 40,
        "all equal": torch.full((16,), 2.5),
        "equal in groups": (2 * normal).round(),
        "with banned ones": torch.where(normal > 1, -1e30, 3 * normal),
    }


def left(scores: torch.Tensor, settings: dict) -> list[list]:
    # transformers leaves out those that are 1 (`_get_logits_processor`), and the warper of typical-p refuses it.
    warpers = LogitsProcessorList(
        WARPERS[name](float(value) if name == "temperature" else value)
        for name, value in settings.items()
        if not (name in ("topP", "typicalP") and value == 1)
    )
    probabilities = warpers(torch.zeros(1, 1, dtype=torch.long), scores[None]).softmax(-1)[0]
    return [[id, probability] for id, probability in enumerate(probabilities.tolist()) if probability > 0]

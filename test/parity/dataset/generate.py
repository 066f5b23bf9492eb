"""Writes fixtures/examples.json: what prepared examples must be, by contracts.md section 5, made with transformers.

Tokens are those of transformers' own tokenizer, templates are rendered by Jinja in Python and, for conversations, by
apply_chat_template. Cutting, packing and masks are written here anew. Needs what requirements.txt lists.
"""

import json
from pathlib import Path

from jinja2.sandbox import ImmutableSandboxedEnvironment
from transformers import AutoTokenizer

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent
tokenizer = AutoTokenizer.from_pretrained(ROOT / "models" / "starter")
END = tokenizer.eos_token_id
CONTEXT = 512

instructions = json.loads((ROOT / "samples" / "instruction-data.json").read_text())
preferences = json.loads((ROOT / "samples" / "instruction-data-with-preference.json").read_text())


def ids(text):
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def jinja(template, row):
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(**row)


def alpaca(row):
    prompt = "Below is an instruction that describes a task. Write a response that appropriately completes the request."
    prompt += "\n\n### Instruction:\n" + row["instruction"]
    if row.get("input"):
        prompt += "\n\n### Input:\n" + row["input"]
    return prompt + "\n\n### Response:\n"


def joined(prompt, completion, end=True):
    """A sequence as (id, is it of the completion) pairs, its two halves encoded apart."""
    tail = [END] if end else []
    return [(i, False) for i in ids(prompt)] + [(i, True) for i in ids(completion) + tail]


def conversation(messages, template=None):
    pairs, before = [], ""
    for at, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        asked = tokenizer.apply_chat_template(
            messages[:at], chat_template=template, tokenize=False, add_generation_prompt=True
        )
        answered = tokenizer.apply_chat_template(messages[: at + 1], chat_template=template, tokenize=False)
        pairs += [(i, False) for i in ids(asked[len(before) :])] + [(i, True) for i in ids(answered[len(asked) :])]
        before = answered
    return pairs + [(END, True)]


def row(sequences, label=None, scored="completion"):
    return {"sequences": sequences, "label": label, "scored": scored}


def examples(rows, padded=None):
    """As data/train.safetensors holds them."""
    flat = [sequence for each in rows for sequence in each["sequences"]]
    scored = []
    for each in rows:
        for sequence in each["sequences"]:
            marks = [
                int(each["scored"] == "all" or (each["scored"] == "completion" and completion))
                for _, completion in sequence
            ]
            scored.append([0] + marks[1:])
    offsets, row_offsets = [0], [0]
    for sequence in flat:
        offsets.append(offsets[-1] + len(sequence))
    for each in rows:
        row_offsets.append(row_offsets[-1] + len(each["sequences"]))

    def prompt(sequence):
        return next((at for at, (_, completion) in enumerate(sequence) if completion), len(sequence))

    labels = sorted({each["label"] for each in rows if each["label"] is not None})
    return {
        "ids": [i for sequence in flat for i, _ in sequence],
        "offsets": offsets,
        "promptTokens": [prompt(sequence) for sequence in flat],
        "scored": [mark for marks in scored for mark in marks],
        "labels": [labels.index(each["label"]) for each in rows] if labels else None,
        "rowOffsets": row_offsets,
        "paddedLength": padded,
    }


cases = []


def case(name, method, rows, expected, left_out=(), dataset=None, **settings):
    request = {"method": method, **settings}
    request["dataset"] = dataset or {}
    cases.append({"name": name, "rows": rows, "request": request, "expected": expected, "leftOut": list(left_out)})


some = instructions[:3] + [each for each in instructions if not each["input"]][:3]
case("alpaca, loss on completions", "sft", some, examples([row([joined(alpaca(r), r["output"])]) for r in some]))
case(
    "alpaca, loss on all tokens, without an end token",
    "sft",
    some,
    examples([row([joined(alpaca(r), r["output"], end=False)], scored="all") for r in some]),
    training={"completionOnly": False, "endToken": False},
)

questions = [
    {"question": "What is a film?", "answer": "A story in moving pictures."},
    {"question": "Wie heißt du?", "answer": "日本語 – ☕️ 😀"},
    {"question": "Text with <|endoftext|> in it?", "answer": " It begins with a space.\n"},
]
case(
    "question-answer",
    "sft",
    questions,
    examples([row([joined(f"### Question: {r['question']}\n### Answer: ", r["answer"])]) for r in questions]),
    dataset={"template": "question-answer"},
)
case(
    "phi-3",
    "sft",
    questions,
    examples([row([joined(f"<|user|>\n{r['question']}\n<|assistant|>\n", r["answer"])]) for r in questions]),
    dataset={"template": "phi-3"},
)
case("no template", "sft", questions, examples([row([joined(r["question"], r["answer"])]) for r in questions]))
own = "{% if question | length > 14 %}\nLong: {{ question | upper }}\n{% else %}\nShort: {{ question }}\n{% endif %}\nA:"
case(
    "a Jinja template over the columns",
    "sft",
    questions,
    examples([row([joined(jinja(own, r), r["answer"])]) for r in questions]),
    dataset={"template": own},
)

chats = [
    [
        {"role": "system", "content": "You answer in one sentence."},
        {"role": "user", "content": "What is a film?"},
        {"role": "assistant", "content": "A story."},
        {"role": "user", "content": "And a book?"},
        {"role": "assistant", "content": "A story in words."},
    ],
    [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello there!"}],
    [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello!"},
        {"role": "user", "content": "This is answered by nobody."},
    ],
]
CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
for name, template in [("given as Jinja", CHATML), ("by its name", "chatml")]:
    case(
        f"conversations, the template {name}",
        "sft",
        [{"messages": chat} for chat in chats],
        examples([row([conversation(chat, CHATML)]) for chat in chats]),
        dataset={"template": template},
    )

pairs = preferences[:4]
case(
    "pairs for dpo",
    "dpo",
    pairs,
    examples([row([joined(alpaca(r), r["chosen"]), joined(alpaca(r), r["rejected"])]) for r in pairs]),
)
case(
    "pairs for a reward model: no end, nothing scored",
    "reward",
    pairs,
    examples(
        [
            row([joined(alpaca(r), r["chosen"], False), joined(alpaca(r), r["rejected"], False)], scored="none")
            for r in pairs
        ]
    ),
)
ranked = [
    {"prompt": "One?", "responses": ["bad", "good", "better"], "scores": [0, 2, 3.5]},
    {"prompt": "Two?", "responses": ["first", "second"], "scores": [1, 0]},
]
case(
    "responses, best first by their scores",
    "reward",
    ranked,
    examples(
        [
            row([joined("One?", r, False) for r in ["better", "good", "bad"]], scored="none"),
            row([joined("Two?", r, False) for r in ["first", "second"]], scored="none"),
        ]
    ),
)

reviews = [
    {"text": "A charming film – très bien 😀", "label": "positive"},
    {"text": "unflinchingly bleak and desperate ", "label": "negative"},
    {"text": "<|endoftext|>it 's slow", "label": "negative"},
    {"text": "映画はとても面白かった", "label": "positive"},
]


def plain(text):
    return [(i, False) for i in ids(text)]


case(
    "classification, padded to the longest",
    "classification",
    reviews,
    examples(
        [row([plain(r["text"])], r["label"], "none") for r in reviews],
        padded=max(len(ids(r["text"])) for r in reviews),
    ),
    training={"padding": "longest"},
)
numbers = [{"text": f"text {n}", "label": n} for n in [3, 10, 2, 10, 3, 2]]
case(
    "labels are compared and sorted as texts",
    "classification",
    numbers,
    examples([row([plain(r["text"])], str(r["label"]), "none") for r in numbers]),
    dataset={"columns": {"text": "text", "label": "label"}},
)
WORDS = {"negative": " bad", "positive": " good"}
case(
    "label words: each word after the prompt",
    "sft",
    reviews,
    examples(
        [
            row([joined(f"Review: {r['text']}\nIt was", word) for word in WORDS.values()], r["label"])
            for r in reviews
        ]
    ),
    dataset={"template": "Review: {{ text }}\nIt was"},
    sft={"labelWords": WORDS},
)
case(
    "prompts alone for ppo",
    "ppo",
    questions,
    examples([row([plain(r["question"])], scored="none") for r in questions]),
    ppo={"rewardRule": {"contains": "a"}, "maxNewTokens": 8},
)


def packed(texts, length, end=True):
    stream = [i for text in texts for i in ids(text) + ([END] if end else [])]
    pieces = [stream[at : at + length] for at in range(0, len(stream), length)]
    return [row([[(i, True) for i in piece]], scored="all") for piece in pieces if len(piece) > 1]


texts = [r["text"] for r in reviews] + ["one more", "and another that is somewhat longer than the others are"]
for length in [8, 11, 512]:
    expected = examples(packed(texts, length))
    case(
        f"lm, packed into pieces of {length}",
        "lm",
        [{"text": text} for text in texts],
        expected,
        training={"maxLength": length},
    )
one_left = next(n for n in range(4, 40) if sum(len(ids(t)) + 1 for t in texts) % n == 1)
case(
    "lm, a last piece of one token is dropped",
    "lm",
    [{"text": text} for text in texts],
    examples(packed(texts, one_left)),
    training={"maxLength": one_left},
)


def cut(sequences, most, side, most_prompt=None):
    """By the rules of section 5: too long a prompt first, then too long a sequence."""
    result = []
    for sequence in sequences:
        prompt = [pair for pair in sequence if not pair[1]]
        completion = [pair for pair in sequence if pair[1]]
        if most_prompt is not None and len(prompt) > most_prompt:
            prompt = prompt[-most_prompt:] if side == "left" else prompt[:most_prompt]
        result.append((prompt, completion))
    excess = max(0, max(len(p) + len(c) for p, c in result) - most)
    if side == "left":
        result = [(p[min(excess, len(p)) :], c) for p, c in result]
    return [(p + c)[:most] for p, c in result]


def teaches(sequences):
    return all(any(completion for _, completion in sequence[1:]) for sequence in sequences)


long = [dict(r) for r in preferences[:6]]
for side in ["right", "left"]:
    for most, most_prompt in [(48, None), (60, 40), (30, None)]:
        whole = [[joined(alpaca(r), r["chosen"]), joined(alpaca(r), r["rejected"])] for r in long]
        short = [cut(sequences, most, side, most_prompt) for sequences in whole]
        kept = [sequences for sequences in short if teaches(sequences)]
        if not kept:
            continue
        case(
            f"pairs cut at the {side} to {most} tokens, prompts to {most_prompt}",
            "dpo",
            long,
            examples([row(sequences) for sequences in kept]),
            [at for at, sequences in enumerate(short) if not teaches(sequences)],
            training={"maxLength": most, "maxPromptLength": most_prompt, "truncate": side},
        )
lengths = sorted(len(joined(alpaca(r), r["output"])) for r in instructions[:12])
middle = lengths[6]
fitting = [(at, joined(alpaca(r), r["output"])) for at, r in enumerate(instructions[:12])]
case(
    "rows that are too long are dropped",
    "sft",
    instructions[:12],
    examples([row([sequence]) for _, sequence in fitting if len(sequence) <= middle]),
    [at for at, sequence in fitting if len(sequence) > middle],
    training={"maxLength": middle, "tooLong": "drop"},
)
case(
    "rows are cut to a padding length",
    "classification",
    reviews,
    examples([row([plain(r["text"])[:6]], r["label"], "none") for r in reviews], padded=6),
    training={"padding": 6},
)

lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in cases)
(HERE / "fixtures" / "examples.json").write_text(f"[\n{lines}\n]\n")
print(len(cases), "cases")

"""Writes what transformers' apply_chat_template makes of chats: `python test/parity/chat/generate.py`.

Made with Python 3.11 and the versions in requirements.txt; needs Node 24, which prints the built-in templates.
The templates of other models are those that trl ships, byte for byte.
"""

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path

from jinja2.exceptions import TemplateError
from transformers import AutoTokenizer

HERE = Path(__file__).parent
FIXTURES = HERE / "fixtures"
STARTER = HERE.parents[2] / "models" / "starter"
MODELS = ["llama3", "qwen2_5", "qwen3", "gemma", "phi3", "deepseek_r1_distill"]

SYSTEM = {"role": "system", "content": "You answer in one sentence.\nNever in two."}
HELLO = {"role": "user", "content": "Hello! What is 2 < 3 & \"4\"?"}
REPLY = {"role": "assistant", "content": " It is true, and 'four' is a text.\n"}
UNICODE = {"role": "user", "content": "caf\u00e9 \u6771\u4eac \U0001f469\u200d\U0001f680 \u05e9\u05dc\u05d5\u05dd"}
LINES = {"role": "user", "content": "\n\n  indented\r\n\ttab\n\nlast line  \n\n"}
TEMPLATE_TEXT = {"role": "user", "content": "{{ messages }} {% if x %} <|im_end|>\n<|user|>\nUser: ### Response:"}
SPECIAL = {"role": "user", "content": "One ends.<|endoftext|>Another begins."}
REASONING = {"role": "assistant", "content": "<think>\nFirst, then.\n</think>\n\nDone."}

CONVERSATIONS = [
    [HELLO],
    [SYSTEM, HELLO],
    [SYSTEM, HELLO, REPLY],
    [HELLO, REPLY, UNICODE],
    [SYSTEM, LINES, REPLY, TEMPLATE_TEXT, REPLY, SPECIAL],
    [HELLO, REASONING, UNICODE],
    [HELLO, REASONING],
    [HELLO, UNICODE],
    [REPLY, HELLO],
    [SYSTEM],
]


def main() -> None:
    tokenizer = AutoTokenizer.from_pretrained(STARTER)
    cases = [
        {"name": name, "template": text, "source": source, "chats": [chat(tokenizer, text, c) for c in CONVERSATIONS]}
        for source, templates in [("built-in", built_in()), ("given", of_models())]
        for name, text in templates.items()
    ]
    text = json.dumps(cases, ensure_ascii=True, separators=(",", ":"))
    (FIXTURES / "expected.json").write_text(text + "\n", encoding="utf-8")


def chat(tokenizer, template: str, messages: list[dict]) -> dict:
    return {
        "messages": messages,
        "withPrompt": render(tokenizer, template, messages, True),
        "withoutPrompt": render(tokenizer, template, messages, False),
    }


def render(tokenizer, template: str, messages: list[dict], prompt: bool) -> dict:
    """The text and its ids, or what the template raises."""
    options = {"chat_template": template, "add_generation_prompt": prompt}
    try:
        text = tokenizer.apply_chat_template(messages, tokenize=False, **options)
        return {"text": text, "ids": tokenizer.apply_chat_template(messages, tokenize=True, return_dict=False, **options)}
    except TemplateError as error:
        return {"raised": error.message}


def built_in() -> dict[str, str]:
    script = "import { builtInTemplates } from './src/chat/builtIn.ts'; console.log(JSON.stringify(builtInTemplates));"
    node = ["node", "--input-type=module", "--eval", script]
    printed = subprocess.run(node, cwd=HERE.parents[2], check=True, capture_output=True, encoding="utf-8").stdout
    return {name: template["text"] for name, template in json.loads(printed).items()}


def of_models() -> dict[str, str]:
    trl = Path(importlib.util.find_spec("trl").submodule_search_locations[0])
    texts = {}
    for name in MODELS:
        copy = shutil.copyfile(trl / "chat_templates" / f"{name}.jinja", FIXTURES / "templates" / f"{name}.jinja")
        texts[name] = Path(copy).read_text(encoding="utf-8")
    return texts


if __name__ == "__main__":
    main()

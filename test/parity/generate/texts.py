"""What is scored and encoded."""

FILM_CONTEXT = "The movie was full of"
FILM_SENTENCES = [
    "The movie was full of surprises",
    "The movies were full of surprises",
    "The movie were full of surprises",
    "The movies was full of surprises",
]

STORY = (
    "Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, and nothing "
    "particular to interest me on shore, I thought I would sail about a little and see the watery part of the world. It "
    "is a way I have of driving off the spleen and regulating the circulation. Whenever I find myself growing grim about "
    "the mouth; whenever it is a damp, drizzly November in my soul; then, I account it high time to get to sea as soon as "
    "I can. "
) * 3

ASTRONAUT = "\U0001f469\u200d\U0001f680"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


def scored_texts(tokenizer, positions: int) -> list[str]:
    """Short, one token, split characters, a special token inside; then around the ends of the model's context."""
    return [
        "The movie was full of surprises",
        "a",
        f"Good {ASTRONAUT} morning \u2615!\r\n\tcaf\u00e9, \u6771\u4eac.",
        "One ends.<|endoftext|>Another begins.",
        long_text(tokenizer, positions),
        long_text(tokenizer, positions + 1),
        long_text(tokenizer, positions * 5 // 2 + 3),
    ]


def long_text(tokenizer, tokens: int) -> str:
    """A beginning of the story with that many tokens."""
    for end in range(1, len(STORY)):
        if len(tokenizer(STORY[:end], add_special_tokens=False)["input_ids"]) == tokens:
            return STORY[:end]
    raise ValueError(f"No beginning of the story has {tokens} tokens.")


TOKENIZER_TABLE = [
    "",
    " ",
    "a",
    FILM_CONTEXT,
    " leading and trailing ",
    "two  spaces   three\ttab\t\ttabs",
    "line\nline\n\nline\r\nline\r\r\n \n ",
    "          ten spaces, then ten after          ",
    "I'm you're he's we've they'll I'd don't I'M YOU'RE DON'T 'tis 's",
    "1 12 123 1234 12345 3.14159 1,000,000 0x1F 1e-5 \u00bd \u2167 \u0663",
    "CamelCase snake_case kebab-case SCREAMING_CASE",
    "def f(x):\n    return {'a': [1, 2], \"b\": x ** 2}  # comment\n",
    "http://example.com/a?b=c&d=%20#e user@example.com C:\\temp\\new",
    "!!!???...;;;---___***###$$$%%%^^^&&&(((" + ")))",
    "\u2026 \u2014 \u201cquoted\u201d \u2018single\u2019 \u00abguillemets\u00bb",
    "na\u00efve caf\u00e9 r\u00e9sum\u00e9 \u00c5ngstr\u00f6m \u0152uvre",
    "nai\u0308ve cafe\u0301 a\u030a\u0323 o\u0302\u0303\u0304",
    "\u0395\u03bb\u03bb\u03b7\u03bd\u03b9\u03ba\u03ac \u0420\u0443\u0441\u0441\u043a\u0438\u0439 \u05e2\u05d1\u05e8\u05d9\u05ea \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u0e44\u0e17\u0e22 \ud55c\uad6d\uc5b4 \u1112\u1161\u11ab",
    "\u6771\u4eac\u90fd\u306f\u65e5\u672c\u306e\u9996\u90fd\u3067\u3059\u3002\u5317\u4eac\uff0c\u4e0a\u6d77\uff1f",
    "\U00020000\U0002a6df \U0001d49c\U0001d4b7",
    "\U0001f600\U0001f602 \U0001f44d\U0001f3fd " + ASTRONAUT + FAMILY,
    "\U0001f1eb\U0001f1f7\U0001f1ef\U0001f1f5 \u2764\ufe0f 1\ufe0f\u20e3 \U0001f3f4\U000e0067\U000e0062\U000e007f",
    "nul\x00inside \x00\x00 \x01\x02\x1b[31m\x7f",
    "\u0085next line  \u0085 \u0085x a\u0085b",
    "\ufeffbyte order mark \ufeff\ufeff  \ufeffx",
    "\u00a0no-break\u00a0\u00a0space \u2003em\u3000ideographic\u2028line\u2029paragraph \u200bzero\u200dwidth \u180e",
    "\x1c\x1d\x1e\x1f separators \x0b\x0c",
    "\ufffd replacement \ufffe\uffff \ue000 private",
    "<|endoftext|>",
    "a<|endoftext|>b <|endoftext|> c<|endoftext|><|endoftext|>",
    "<|endoftext| > <|endoftext <|ENDOFTEXT|> <<|endoftext|>>",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "x" * 300,
    "supercalifragilisticexpialidocious antidisestablishmentarianism" * 8,
    " SolidGoldMagikarp petertodd\u00c3\u00c2\u00c3\u00c2",
    "=" * 80 + "\n" + "-" * 37 + "\n" + " " * 33 + "x",
]

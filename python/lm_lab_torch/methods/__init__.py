"""Every way to learn that there is. A method is one file, and one line here."""

from ..heads import Head
from ..reason import Reason
from .classification import Classification
from .dpo import Dpo
from .method import Method
from .reward import Reward
from .scored_tokens import ScoredTokens

METHODS = {"lm": ScoredTokens, "sft": ScoredTokens, "classification": Classification, "reward": Reward, "dpo": Dpo}


def method_of(spec: dict, head: Head | None, padding_id: int | None) -> Method:
    kind = METHODS.get(spec["method"])
    if kind is None:
        raise Reason(
            "method-unsupported",
            f'method is "{spec["method"]}", which PyTorch does not train here: LM Lab’s own decoder makes its answers.',
            f"Take one of {', '.join(METHODS)}, or the backend onnx.",
        )
    return kind(spec, head, padding_id)

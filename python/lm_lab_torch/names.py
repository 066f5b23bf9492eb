"""How parameters are called: in the model under training, in files, and as the seed of what they start from."""

from torch import nn

# PEFT puts its modules between those of the model: `c_attn.base_layer.weight`, `c_attn.lora_A.default.weight`.


def own_name(name: str) -> str:
    """`transformer.h.0.attn.c_attn.lora_A.default.weight` → `h.0.attn.c_attn.lora_A.weight`"""
    return name.removeprefix("transformer.").replace(".default.", ".").replace(".base_layer.", ".")


def in_model(name: str) -> str:
    """The name that a parameter has in the model folder that transformers writes."""
    return name.replace(".base_layer.", ".")


def in_adapter(name: str) -> str:
    """The name that PEFT gives a parameter in adapter_model.safetensors."""
    return f"base_model.model.{name.replace('.default.', '.')}"


def trained_parameters(model: nn.Module, trainable: dict) -> dict[str, nn.Parameter]:
    """What trains, by the name that the saved model folder (or adapter) gives it."""
    saved = in_adapter if "lora" in trainable else in_model
    return {saved(name): parameter for name, parameter in model.named_parameters() if parameter.requires_grad}

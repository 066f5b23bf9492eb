"""The models of transformers and PEFT that are trained, with the parameters that a request lets train."""

import shutil
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel

from cases import Case
from examples import END, LABELS


def write_classifier(base: Path, folder: Path) -> None:
    """A model folder with a head, which training continues with."""
    torch.manual_seed(11)
    names = {index: name for index, name in enumerate("abc")}
    numbers = {name: index for index, name in names.items()}
    model = GPT2ForSequenceClassification.from_pretrained(base, id2label=names, label2id=numbers, pad_token_id=END)
    with torch.no_grad():
        model.score.weight.normal_(0, 0.3)
    model.save_pretrained(folder)
    shutil.copy(base / "tokenizer.json", folder)


PLAIN_HEAD = {"hidden": None, "bias": False}


class Head(torch.nn.Module):
    """In place of GPT2ForSequenceClassification's score: a hidden layer, a bias. Named as LM Lab saves them."""

    def __init__(self, width: int, labels: int, hidden: dict | None, bias: bool):
        super().__init__()
        self.classification = torch.nn.ModuleDict({"hidden": torch.nn.Linear(width, hidden["size"])} if hidden else {})
        self.score = torch.nn.Linear(hidden["size"] if hidden else width, labels, bias=bias)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        for hidden in self.classification.values():
            states = torch.relu(hidden(states))
        return self.score(states)


class Classifier(torch.nn.Module):
    """Pooling other than `last`, or a head of our own, over GPT2ForSequenceClassification's trunk."""

    def __init__(self, model: GPT2ForSequenceClassification, pooling: str, head: torch.nn.Module):
        super().__init__()
        self.trunk, self.pooling, self.score = model.transformer, pooling, head

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """[R, T] → [R, labels]"""
        places = torch.arange(ids.shape[1])
        mask = (places < lengths[:, None]).long()  # [R, T]
        # With `position` the head reads the padded end, and what pads is attended to.
        states = self.trunk(ids, attention_mask=None if self.pooling == "position" else mask).last_hidden_state
        if self.pooling == "mean":
            pooled = (states * mask[..., None]).sum(1) / lengths[:, None]
        elif self.pooling == "last":
            pooled = states[torch.arange(len(ids)), (places * (ids != END)).argmax(1)]
        else:
            pooled = states[:, 0 if self.pooling == "first" else -1]
        return self.score(pooled)


class TransformersClassifier(torch.nn.Module):
    """GPT2ForSequenceClassification as it is."""

    def __init__(self, model: torch.nn.Module):
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        mask = (torch.arange(ids.shape[1]) < lengths[:, None]).long()
        return self.model(ids, attention_mask=mask).logits


class LanguageModel(torch.nn.Module):
    def __init__(self, model: torch.nn.Module):
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """[R, T] → [R, T, V]"""
        mask = (torch.arange(ids.shape[1]) < lengths[:, None]).long()
        return self.model(ids, attention_mask=mask).logits


def build(case: Case, fixtures: Path, language_models: Path, dtype: torch.dtype) -> torch.nn.Module:
    run, head = case.run, head_of(case.run)
    model = load(run, fixtures, language_models)
    if run["method"] == "reward":
        start_score(model, fixtures / starting_file(case))
    trainable = run.get("trainable", {"layers": "all"})
    if "lora" in trainable:
        model = with_lora(model, trainable["lora"], head is not None)
        restore(model, fixtures / starting_file(case))
    else:
        freeze(model, trainable["layers"])
    if head is None:
        return LanguageModel(model).to(dtype)
    if head["hidden"] or head["bias"]:
        own = Head(model.config.n_embd, LABELS, head["hidden"], head["bias"])
        own.load_state_dict(load_file(fixtures / starting_file(case)))
        return Classifier(model, head["pooling"], own).to(dtype)
    if head["pooling"] != "last":
        return Classifier(model, head["pooling"], model.score).to(dtype)
    return TransformersClassifier(model).to(dtype)


def head_of(run: dict) -> dict | None:
    """What of a request says how a head scores; None: the method predicts tokens."""
    heads = {"classification": run.get("classification"), "reward": {**run.get("reward", {}), **PLAIN_HEAD}}
    return heads.get(run["method"])


def load(run: dict, fixtures: Path, language_models: Path) -> torch.nn.Module:
    """Dropout is the request's, not the folder's: none."""
    classifies = run["method"] == "classification"
    folder = fixtures / "models" / run["model"] if classifies else language_models / run["model"]
    kind = GPT2ForSequenceClassification if head_of(run) else GPT2LMHeadModel
    changes = {"num_labels": 1, "pad_token_id": END} if run["method"] == "reward" else {}
    config = GPT2Config.from_pretrained(folder, attn_pdrop=0.0, embd_pdrop=0.0, resid_pdrop=0.0, **changes)
    return kind.from_pretrained(folder, config=config, dtype=torch.float32, attn_implementation="eager")


def reference_of(case: Case, fixtures: Path, language_models: Path, dtype: torch.dtype) -> torch.nn.Module | None:
    """What a policy is compared with: another model, or the one that training starts from."""
    if case.run["method"] != "dpo":
        return None
    model = load({**case.run, "model": case.run["dpo"]["reference"] or case.run["model"]}, fixtures, language_models)
    return LanguageModel(model).to(dtype).eval()


def start_score(model: torch.nn.Module, path: Path) -> None:
    [value] = [value for name, value in load_file(path).items() if name.endswith("score.weight")]
    with torch.no_grad():
        model.score.weight.copy_(value)


def freeze(model: torch.nn.Module, layers) -> None:
    """The last N blocks, the final norm and the head train, or the head alone; a tied embedding stays frozen."""
    if layers == "all":
        return
    model.requires_grad_(False)
    if hasattr(model, "score"):
        model.score.requires_grad_(True)
    elif not model.config.tie_word_embeddings:
        model.lm_head.requires_grad_(True)
    if layers != "head":
        model.transformer.ln_f.requires_grad_(True)
        for block in model.transformer.h[-layers["last"] :]:
            block.requires_grad_(True)


def with_lora(model: torch.nn.Module, lora: dict, classifies: bool) -> torch.nn.Module:
    settings = LoraConfig(
        task_type="SEQ_CLS" if classifies else "CAUSAL_LM",
        r=lora["rank"],
        lora_alpha=lora["alpha"],
        lora_dropout=lora["dropout"],
        target_modules=lora["targets"],
        fan_in_fan_out=True,
        modules_to_save=["score"] if classifies else None,
    )
    return get_peft_model(model, settings)


def starting_file(case: Case) -> Path:
    return Path("starting") / f"{case.name}.safetensors"


def starting_values(case: Case, fixtures: Path) -> str | None:
    """Writes the random values that a run would draw itself: the adapter's, as PEFT names them, or the head's."""
    run, path = case.run, fixtures / starting_file(case)
    torch.manual_seed(13)
    head = run.get("classification", PLAIN_HEAD)
    if "lora" in run.get("trainable", {}):
        values = lora_values(run, fixtures)
    elif run["method"] == "reward":
        values = {"score.weight": score_start(run, fixtures)}
    elif head["hidden"] or head["bias"]:
        classifier = GPT2Config.from_pretrained(fixtures / "models" / run["model"])
        values = {
            name: torch.randn(value.shape) * 0.3
            for name, value in Head(classifier.n_embd, LABELS, head["hidden"], head["bias"]).state_dict().items()
        }
    else:
        return None
    path.parent.mkdir(exist_ok=True)
    save_file(values, path, {"format": "pt"})
    return path.name


def lora_values(run: dict, fixtures: Path) -> dict[str, torch.Tensor]:
    """A as PEFT draws it, B of zeros."""
    model = load(run, fixtures, fixtures.parents[1] / "fixtures")
    model = with_lora(model, run["trainable"]["lora"], head_of(run) is not None)
    values = {saved(name): value.detach().clone() for name, value in model.named_parameters() if ".lora_" in name}
    score = {"base_model.model.score.weight": score_start(run, fixtures)} if run["method"] == "reward" else {}
    return {**values, **score}


def score_start(run: dict, fixtures: Path) -> torch.Tensor:
    width = GPT2Config.from_pretrained(fixtures.parents[1] / "fixtures" / run["model"]).n_embd
    return torch.randn(1, width) * 0.3


def saved(name: str) -> str:
    """As adapter_model.safetensors has it: without the adapter's name."""
    return name.replace(".default.", ".")


def restore(model: torch.nn.Module, path: Path) -> None:
    values = load_file(path)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if ".lora_" in name:
                parameter.copy_(values.pop(saved(name)))
    if any(".lora_" in name for name in values):
        raise ValueError(f"{path.name} has values that no parameter takes: {', '.join(values)}.")

"""What is trained: each case differs from a plain one in a few settings."""

from dataclasses import dataclass, field

STEPS = 20


@dataclass
class Case:
    name: str
    data: str
    run: dict = field(default_factory=dict)


BESIDE = ["trainable", "classification", "reward", "dpo", "ppo"]


def case(name: str, method: str, data: str, model: str = "head-size-12", **settings) -> Case:
    """A run.json of 20 steps; `settings` are training's, but for those that stand beside it."""
    beside = {key: settings.pop(key) for key in BESIDE if key in settings}
    training = {
        "maxSteps": STEPS,
        "batchSize": 4,
        "accumulation": 1,
        "dropLast": False,
        "shuffle": False,
        "optimizer": "adamw",
        "momentum": 0,
        "learningRate": 2e-3,
        "schedule": "linear",
        "warmupSteps": 0,
        "warmupRatio": None,
        "weightDecay": 0.1,
        "decay": "matrices",
        "betas": [0.9, 0.999],
        "epsilon": 1e-8,
        "maxGradientNorm": 1,
        "dropout": 0,
        "evaluateEvery": 10,
        "evaluationBatches": None,
        **settings,
    }
    run = {"method": method, "model": model, "dataset": {"file": f"{data}.json"}, "training": training, **beside}
    return Case(name, data, run)


def sft(name: str, data: str = "completions", **settings) -> Case:
    return case(name, "sft", data, **settings)


def classification(name: str, data: str = "texts", layers="all", **settings) -> Case:
    head = {"pooling": "last", "labels": ["a", "b", "c"], "hidden": None, "bias": False, **settings.pop("head", {})}
    trainable = settings.pop("trainable", {"layers": layers})
    return case(name, "classification", data, "classifier", trainable=trainable, classification=head, **settings)


def reward(name: str, data: str = "answers", pooling="last", center=None, **settings) -> Case:
    """Without a center coefficient the final norm's bias moves all scores alike: its gradient is rounding, of which a
    small epsilon makes steps."""
    return case(name, "reward", data, reward={"pooling": pooling, "centerCoefficient": center}, **settings)


def dpo(name: str, loss="sigmoid", beta=0.3, smoothing=0, **settings) -> Case:
    how = {"beta": beta, "loss": loss, "labelSmoothing": smoothing, "reference": None, **settings.pop("dpo", {})}
    return case(name, "dpo", "preferences", dpo=how, **settings)


def ppo(name: str, trainable=None, **settings) -> Case:
    """`settings` are training's, but for those that are ppo's own."""
    own = {
        "rewardRule": {"contains": "recorded"},
        "klCoefficient": 0.1,
        "clipRange": 0.2,
        "valueCoefficient": 0.1,
        "gamma": 1,
        "lambda": 0.95,
        "epochsPerBatch": 3,
        "maxNewTokens": 9,
        "temperature": 0.7,
        "valueClipRange": 0.2,
        "whitenRewards": False,
        "clipReward": None,
        "targetKl": None,
    }
    own.update({key: settings.pop(key) for key in list(settings) if key in own})
    beside = {"trainable": trainable} if trainable else {}
    return case(name, "ppo", "prompts", ppo=own, **beside, **{"maxSteps": 6, "learningRate": 1e-3, **settings})


LORA = {"lora": {"rank": 4, "alpha": 8, "dropout": 0, "targets": ["c_attn", "c_proj", "c_fc"]}}
HIDDEN = {"size": 10, "activation": "relu", "dropout": 0}

CASES = [
    sft("sft"),
    sft("sft-accumulation", batchSize=2, accumulation=4),
    sft("sft-drop-last", batchSize=2, accumulation=2, dropLast=True),
    sft("sft-all-tokens", data="all-tokens"),
    sft("sft-label-words", data="label-words"),
    sft("sft-last-block", trainable={"layers": {"last": 1}}),
    sft("sft-lora", trainable=LORA, learningRate=1e-2),
    sft(
        "sft-lora-of-attention",
        trainable={"lora": {**LORA["lora"], "rank": 2, "alpha": 16, "targets": ["c_attn"]}},
        learningRate=1e-2,
        accumulation=2,
    ),
    sft("sft-untied-gelu", model="head-size-64-untied-gelu", trainable={"layers": {"last": 1}}),
    sft("sft-inner-relu", model="relu-inner-f16"),
    sft("sft-unscaled-attention", model="unscaled-attention-bf16"),
    sft("sft-inverse-layer-scale", model="inverse-layer-scale-sharded", learningRate=5e-4),
    case("lm", "lm", "packed"),
    case("lm-lora", "lm", "packed", trainable=LORA, learningRate=1e-2),
    classification("classification"),
    classification("classification-last-block", layers={"last": 1}),
    classification("classification-head", layers="head", learningRate=2e-2),
    classification("classification-lora", trainable=LORA, learningRate=1e-2),
    classification("classification-accumulation", batchSize=2, accumulation=3),
    classification("classification-mean", head={"pooling": "mean"}),
    classification("classification-first", head={"pooling": "first"}),
    classification("classification-padded", data="texts-padded"),
    classification("classification-position", data="texts-padded", head={"pooling": "position"}),
    classification("classification-bias", head={"bias": True}),
    classification("classification-hidden", head={"hidden": HIDDEN, "bias": True}),
    reward("reward"),
    reward("reward-mean", pooling="mean", center=0.01),
    reward("reward-centered", center=0.1, batchSize=3, accumulation=2),
    reward("reward-ranked", data="ranked", epsilon=1e-6),
    reward("reward-ranked-accumulation", data="ranked", center=0.05, batchSize=2, accumulation=3),
    reward("reward-last-block", trainable={"layers": {"last": 1}}),
    reward("reward-lora", trainable=LORA, learningRate=1e-2),
    dpo("dpo"),
    dpo("dpo-accumulation", batchSize=2, accumulation=3, beta=0.1),
    dpo("dpo-smoothing", smoothing=0.2),
    dpo("dpo-ipo", loss="ipo", beta=0.2),
    dpo("dpo-ipo-accumulation", loss="ipo", beta=0.5, batchSize=2, accumulation=2),
    dpo("dpo-last-block", trainable={"layers": {"last": 1}}),
    dpo("dpo-lora", trainable=LORA, learningRate=1e-2),
    dpo("dpo-lora-ipo", loss="ipo", trainable=LORA, learningRate=1e-2),
    dpo("dpo-reference", dpo={"reference": "head-size-64-untied-gelu"}),
    sft("schedule-constant", schedule="constant"),
    sft("schedule-constant-warm-up", schedule="constant", warmupSteps=5),
    sft("schedule-linear-warm-up", schedule="linear", warmupRatio=0.21),
    sft("schedule-cosine", schedule="cosine"),
    sft("schedule-cosine-warm-up", schedule="cosine", warmupSteps=4),
    sft("decay-of-all", decay="all", weightDecay=0.5, learningRate=1e-2),
    sft("decay-of-matrices", decay="matrices", weightDecay=0.5, learningRate=1e-2),
    sft("decay-none", weightDecay=0),
    sft("moments", betas=[0.8, 0.95], epsilon=1e-4),
    sft("clipping", maxGradientNorm=0.2, optimizer="sgd", learningRate=0.3),
    sft("clipping-none", maxGradientNorm=None),
    sft("sgd-momentum", optimizer="sgd", momentum=0.9, learningRate=2e-2, maxGradientNorm=None),
    sft("sgd-momentum-decay", optimizer="sgd", momentum=0.9, learningRate=2e-2, decay="all"),
]

PPO_CASES = [
    ppo("ppo", maxGradientNorm=None, dropLast=True),
    ppo("ppo-whitened", whitenRewards=True, batchSize=8, gamma=0.98, klCoefficient=0.5),
    ppo("ppo-clipped", clipReward=0.5, clipRange=0.05, valueClipRange=0.02, valueCoefficient=1, learningRate=4e-3),
    ppo("ppo-adaptive", targetKl=0.05, klCoefficient=0.3),
    ppo("ppo-accumulation", batchSize=2, accumulation=3, temperature=1),
    ppo("ppo-lora", trainable=LORA, learningRate=1e-2),
    ppo("ppo-last-block", trainable={"layers": {"last": 1}}, epochsPerBatch=1),
]

"""A run folder: what is where in it, and what its run.json asks for."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .files import read_json
from .reason import Reason

PARTS = ["train", "validation", "test"]


@dataclass(frozen=True)
class Run:
    """`spec` is run.json, with the defaults and the folders of models that preparing has filled in."""

    folder: Path
    spec: dict

    @property
    def training(self) -> dict:
        return self.spec["training"]

    def path(self, *names: str) -> Path:
        return self.folder.joinpath(*names)

    def model_folder(self, name: str) -> Path:
        """A model's folder as run.json has it: paths are relative to the run's folder."""
        return (self.folder / Path(name).expanduser()).resolve()

    def data_file(self, part: str) -> Path:
        return self.path("data", f"{part}.safetensors")

    def data_hash(self) -> str:
        """SHA-256 of run.json and of all examples: alike on all machines, or they train on different things."""
        digest = hashlib.sha256(self.spec_hash().encode())
        for part in PARTS:
            file = self.data_file(part)
            digest.update(file.read_bytes() if file.exists() else b"none")
        return digest.hexdigest()

    def spec_hash(self) -> str:
        """SHA-256 of run.json as it stands: what sha256sum says."""
        return hashlib.sha256(self.path("run.json").read_bytes()).hexdigest()


def open_run(folder: Path) -> Run:
    spec = read_json(folder / "run.json")
    if spec is None:
        raise Reason(
            "run-missing",
            f'"{folder}" is no run: it has no run.json that can be read.',
            "Give the folder of a run; on a second machine, the same folder or a copy of it.",
        )
    run = Run(folder.resolve(), spec)
    if not run.data_file("train").exists() or "training" not in spec:
        raise Reason(
            "examples-missing",
            f'"{folder}" holds no prepared examples: data/train.safetensors is not there.',
            "Let LM Lab prepare the run (lm-lab train, or Export Run…), and copy the whole folder.",
        )
    return run

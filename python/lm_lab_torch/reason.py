"""Why something did not work, for a person: what happened, and what helps."""

from errno import ENOSPC


class Reason(Exception):
    """`code` names the kind of failure, `remedy` is what the user can do."""

    def __init__(self, code: str, message: str, remedy: str):
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message, "remedy": self.remedy}


def reason_of_system(error: OSError) -> Reason:
    """What the system refused."""
    if error.errno == ENOSPC:
        return Reason(
            "disk-full",
            f'The disk is full: "{error.filename}" could not be written.',
            "Free some space, or set training.keepCheckpoints lower, then resume the run: its last checkpoint is whole.",
        )
    what = error.strerror or type(error).__name__
    return Reason(
        "system-refused",
        f"{what}: {error.filename}." if error.filename else f"{what}.",
        "See that the run’s folder may be written, and that the Python of this command is still there; then resume the run.",
    )

"""Why something did not work, for a person: what happened, and what helps."""


class Reason(Exception):
    """`code` names the kind of failure, `remedy` is what the user can do."""

    def __init__(self, code: str, message: str, remedy: str):
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message, "remedy": self.remedy}

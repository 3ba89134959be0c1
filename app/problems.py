"""Refusals: what an action or a rule raises when it will not do what it was asked."""


class Problem(Exception):  # noqa: N818 (a refusal is no error)
    """A refusal with a `message` for the person, translated when it is shown, and a status code."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.message = message
        self.status = status

    def __str__(self) -> str:
        return str(self.message)

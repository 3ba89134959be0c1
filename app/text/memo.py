"""Tables for `str.translate` that are filled as characters turn up."""

from collections.abc import Callable

# Anybody can write every character there is; memory must not follow.
MAX_ENTRIES = 20_000


class Memo(dict[int, str]):
    """Maps code points to what a function makes of the character, worked out once each."""

    def __init__(self, function: Callable[[str], str]) -> None:
        super().__init__()
        self.function = function

    def __missing__(self, code: int) -> str:
        if len(self) >= MAX_ENTRIES:
            self.clear()
        made = self[code] = self.function(chr(code))
        return made

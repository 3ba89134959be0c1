"""Words spelt in ASCII, so that every engine stores and compares them in the same way.

Letters a to y and digits stay. Any other character is "z" and three base-36 digits of its code
point, or "zz" and four. No character's code begins another's: so different words have different
codes, and the code of a word's beginning is the beginning of the word's code.
"""

import re
from functools import lru_cache

from app.text.memo import Memo

MAX_TERM = 80
KIND_LENGTH = 2
MAX_CODE = MAX_TERM - KIND_LENGTH
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PLAIN = frozenset(_DIGITS) - {"z"}
# From here on three digits would begin with another z.
_LONG_FROM = 35 * 36**2
_WHOLE_CODES = re.compile(r"(?:[a-y0-9]|z(?!z)[a-z0-9]{3}|zz[a-z0-9]{4})*")


def encode(word: str) -> str:
    """Return a word's code, cut between two characters so that a term of it fits."""
    # What is further on would be cut away.
    return _encode(word[:MAX_CODE])


# Most words of a text, and pairs of characters, are those of other texts.
@lru_cache(maxsize=32_768)
def _encode(word: str) -> str:
    code = word.translate(_CODES)
    if len(code) <= MAX_CODE:
        return code
    match = _WHOLE_CODES.match(code[:MAX_CODE])
    return match[0] if match else ""


def _code(character: str) -> str:
    if character in _PLAIN:
        return character
    code = ord(character)
    if code < _LONG_FROM:
        return f"z{_base_36(code, 3)}"
    return f"zz{_base_36(code, 4)}"


def _base_36(number: int, length: int) -> str:
    digits = ""
    for _place in range(length):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


_CODES = Memo(_code)

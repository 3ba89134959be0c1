"""What happens to typed text before it is stored, and how long it is."""

import re
import unicodedata

import regex

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BLANK_LINES = re.compile(r"\n{3,}")
# More marks on one letter than any script has; to put very many in order takes very long.
MARKS = regex.compile(r"(\p{M}{30})\p{M}+")
# Flags apart: to pair their letters, \X alone looks back over the whole row each time.
GRAPHEME = regex.compile(r"[\U0001f1e6-\U0001f1ff]{1,2}[\p{M}\u200d\ufe0f]*+|\X")
# Joiners shape Persian words and family emoji, variation selectors choose between text and emoji;
# every other character that is not seen, or that turns the direction of others, is hidden.
HIDDEN = regex.compile(
    r"(?V1)[[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]"
    r"--[\u200c\u200d\ufe0e\ufe0f]]"
)
# The flags of Wales, Scotland and England are spelt with invisible letters.
FLAGS = regex.compile(r"\U0001f3f4[\U000e0061-\U000e007a]+\U000e007f")
VISIBLE = regex.compile(r"(?V1)[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800]]")


def one_line(text: str | None) -> str:
    """Return text for a one-line field: NFC, white space folded, no control characters."""
    text = CONTROLS.sub("", (text or "").replace("\r", "\n"))
    return " ".join(_composed(text).split())


def paragraphs(text: str | None) -> str:
    """Return text for a multi-line field: the same, its lines and single blank lines kept."""
    text = CONTROLS.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n"))
    lines = (line.rstrip() for line in _composed(text).split("\n"))
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def grapheme_count(text: str) -> int:
    """Count characters as people do: extended grapheme clusters (Unicode Standard Annex 29)."""
    return len(text) if text.isascii() else sum(1 for _ in GRAPHEME.finditer(text))


def first_grapheme(text: str) -> str:
    """Return the first character as people see it, or an empty string."""
    match = GRAPHEME.match(text)
    return match[0] if match else ""


def has_hidden_characters(text: str) -> bool:
    """Tell whether text holds characters that are invisible or turn the direction of others."""
    return HIDDEN.search(FLAGS.sub("", text)) is not None


def has_visible_characters(text: str) -> bool:
    """Tell whether anything would be seen if text were printed."""
    return VISIBLE.search(text) is not None


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", MARKS.sub(r"\1", text))

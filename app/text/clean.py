"""What happens to typed text before it is stored, and how long it is."""

import re
import unicodedata

import regex

# Joiners shape Persian words and family emoji; every other invisible character is refused in names.
JOINERS = {"\u200c", "\u200d"}
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BLANK_LINES = re.compile(r"\n{3,}")


def one_line(text: str | None) -> str:
    """Return text for a one-line field: NFC, white space folded, no control characters."""
    text = CONTROLS.sub("", unicodedata.normalize("NFC", text or "").replace("\r", "\n"))
    return " ".join(text.split())


def paragraphs(text: str | None) -> str:
    """Return text for a multi-line field: the same, its lines and single blank lines kept."""
    text = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    lines = (line.rstrip() for line in CONTROLS.sub("", text).split("\n"))
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def grapheme_count(text: str) -> int:
    """Count characters as people do: extended grapheme clusters (Unicode Standard Annex 29)."""
    return len(text) if text.isascii() else len(regex.findall(r"\X", text))


def first_grapheme(text: str) -> str:
    """Return the first character as people see it, or an empty string."""
    match = regex.match(r"\X", text)
    return match[0] if match else ""


def has_hidden_characters(text: str) -> bool:
    """Tell whether text holds characters that are invisible or turn the direction of others."""
    return any(unicodedata.category(c)[0] == "C" and c not in JOINERS for c in text)


def has_visible_characters(text: str) -> bool:
    """Tell whether anything would be seen if text were printed."""
    return any(unicodedata.category(c)[0] in "LNPS" for c in text)

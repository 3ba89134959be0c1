"""Which language a text is written in, as far as its letters tell.

Kana are Japanese, Hangul is Korean, and so on for every script that one language has to itself
here. Of scripts that many languages share (Latin, Cyrillic, Arabic, Devanagari) nothing can be said
of a short text with certainty; then it is taken to be in the language in which its author uses the
site, if that is written so.
"""

import regex

# In this order: Japanese is also written with Han characters, Korean now and then.
SCRIPTS = (
    (regex.compile(r"[\p{Hiragana}\p{Katakana}]"), ("ja",)),
    (regex.compile(r"\p{Hangul}"), ("ko",)),
    (regex.compile(r"\p{Han}"), ("zh", "ja")),
    (regex.compile(r"\p{Thai}"), ("th",)),
    (regex.compile(r"\p{Lao}"), ("lo",)),
    (regex.compile(r"\p{Khmer}"), ("km",)),
    (regex.compile(r"\p{Myanmar}"), ("my",)),
    (regex.compile(r"\p{Greek}"), ("el",)),
    (regex.compile(r"\p{Hebrew}"), ("he", "yi")),
    (regex.compile(r"\p{Armenian}"), ("hy",)),
    (regex.compile(r"\p{Georgian}"), ("ka",)),
    (regex.compile(r"\p{Arabic}"), ("ar", "fa", "ur", "ps", "ckb", "ug", "sd")),
    (regex.compile(r"\p{Cyrillic}"), ("ru", "uk", "bg", "sr", "be", "mk", "kk", "ky", "mn", "tg")),
    (regex.compile(r"\p{Devanagari}"), ("hi", "mr", "ne", "sa")),
    (regex.compile(r"\p{Bengali}"), ("bn", "as")),
    (regex.compile(r"\p{Tamil}"), ("ta",)),
    (regex.compile(r"\p{Telugu}"), ("te",)),
)
LETTER = regex.compile(r"\p{L}")
LATIN = regex.compile(r"\p{Latin}")


def language_of(text: str, own: str) -> str:
    """Return the language of a text, as a primary subtag (ISO 639); empty if nothing tells.

    `own` is the language in which the author uses the site.
    """
    own = own.replace("_", "-").partition("-")[0].lower()
    letters = LETTER.findall(text)
    for script, languages in SCRIPTS:
        if 2 * sum(1 for letter in letters if script.match(letter)) >= len(letters) > 0:
            return own if own in languages else languages[0]
        if languages == ("ja",) and script.search(text) and not LATIN.search(text):
            return "ja"
    return own if letters else ""

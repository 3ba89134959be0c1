"""What folding and search know about writing systems: what is alike, and what belongs together.

Tables and patterns only. `folding` applies them; docs/search.md says what each script gets.
"""

import regex

# Not joined to its neighbour, though one word in print: the Persian "می‌خواهم".
NON_JOINER = "\u200c"
JOINER = "\u200d"

# --- What is one character to a reader, although it may be several ---

_PICTOGRAPH = r"\p{Extended_Pictographic}[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]{0,3}"
EMOJI = (
    r"\p{Regional_Indicator}{2}"
    r"|\U0001f3f4[\U000e0030-\U000e007a]{1,9}\U000e007f"
    rf"|{_PICTOGRAPH}(?:\u200d{_PICTOGRAPH}){{0,9}}"
)
_JAMO = r"\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb"
# Marks are taken in portions, since anybody can pile up thousands; the rest stands by itself.
CLUSTER = regex.compile(
    rf"{EMOJI}"
    rf"|[\uac00-\ud7a3]?[{_JAMO}]{{1,16}}"
    r"|[\uff66-\uff9d][\uff9e\uff9f]"
    r"|[\u0620-\u06ff]\p{M}{0,16}\u200c"
    r"|.\p{M}{0,16}",
    regex.DOTALL,
)
# A text without any of these has clusters of one code point only. (Variation selectors and skin
# tones are dropped wherever they stand.)
LONGER = regex.compile(
    rf"(?V1)[[\p{{M}}--[\ufe0e\ufe0f]]\u200c\u200d\p{{Regional_Indicator}}\U0001f3f4{_JAMO}\uff66-\uff9f]"
)

# --- What is dropped ---

# Accents of Latin, Greek and Cyrillic; Hebrew, Arabic and Syriac points; the nukta of Devanagari.
# Other marks are parts of letters: vowel signs of India, tones of Thai, the voicing of Kana.
_POINTS = (
    r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    r"\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    r"\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    r"\u0711\u0730-\u074a\u0897-\u089f\u08ca-\u08e1\u08e3-\u08ff\u093c"
)
# The tatweel only makes an Arabic word longer. A non-joiner at the end of a cluster is kept.
DROPPED = regex.compile(
    rf"(?V1)[{_POINTS}\u0640\U0001f3fb-\U0001f3ff[\p{{Default_Ignorable_Code_Point}}--\u200c]]"
    r"|\A\u200c"
)

# --- What is alike, after decomposition and case folding ---


def _each(characters: str, like: str) -> dict[str, str]:
    return dict.fromkeys(characters, like)


_LATIN = {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
_MORE_LATIN = {"ħ": "h", "ŧ": "t", "ƀ": "b", "ǥ": "g", "ɨ": "i", "ʉ": "u", "ⱥ": "a", "ɫ": "l"}
_ARABIC = (
    _each("\u0671\u0672\u0673\u0675", "ا")
    | _each("\u0629\u06c1\u06c3\u06d5", "ه")  # teh marbuta, heh goal, ae
    | _each("\u0649\u06cc", "ي")  # alef maqsura, Persian yeh
    | _each("\u06a9\u06aa", "ك")  # keheh, swash kaf
)
_HEBREW = dict(zip("ךםןףץ", "כמנפצ", strict=True)) | {"׳": "'", "״": '"', "־": "-"}
_DEVANAGARI = {"\u0901": "\u0902"}  # chandrabindu, anusvara
_KANA = {chr(code): chr(code - 0x60) for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_SIGNS = _each("’‘‛ʼʹʻʾʿ′", "'") | _each("‐\u2011", "-") | _each("“”„‟", '"') | {"♯": "#"}
LETTERS = str.maketrans(_LATIN | _MORE_LATIN | _ARABIC | _HEBREW | _DEVANAGARI | _KANA | _SIGNS)
# A nasal before a consonant is written as a letter or as a dot: हिन्दी, हिंदी.
NASAL = regex.compile(r"[\u0919\u091e\u0923\u0928\u092e]\u094d")

# --- What kind of character it is ---

UNSPACED_CLASS = (
    r"[[\p{L}\p{M}\p{Nl}]&&[\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Hangul}"
    r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー\u3099\u309a]]"
)
UNSPACED = regex.compile(rf"(?V1){UNSPACED_CLASS}")
WORD_PART = regex.compile(r"[\p{L}\p{M}\p{N}]")
PICTOGRAPH = regex.compile(r"\p{Extended_Pictographic}")
FLAG_LETTER = regex.compile(r"\p{Regional_Indicator}")
FLAG_TAG = regex.compile(r"[\U000e0020-\U000e007f]")

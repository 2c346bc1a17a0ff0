"""Identifiers: how they are told from words, and the tokens that stand for them in one recording."""

from __future__ import annotations

import hashlib
import re
import string

from badgateway.drift.names import is_reference

_KEPT_MIN = 4  # shorter ones have too few tokens to be told apart, and tell nothing
_SHAPE = re.compile(r"[A-Za-z0-9_.:~/+=|-]+")
_PREFIX = re.compile(r"(?:[a-z]{2,6}_)(?:test_|live_)?(?=[A-Za-z0-9]{8,}$)")
_CLASSES = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
_CAPITALS = re.compile(r"[A-Z0-9]{8,}")
_HUMP = re.compile(r"[a-z0-9][A-Z]")
_CAMEL = r"(?:[a-z]+|[A-Z]+|[A-Z][a-z]+)(?:[A-Z]{1,2}[a-z]+|[0-9]{1,2}(?![0-9]))*"
WORD = re.compile(rf"{_CAMEL}(?:[_.:/-](?:{_CAMEL}|[0-9]{{1,2}}(?![0-9])))*")
_WORD_MAX = 60


def is_word(text: str) -> bool:
    """Say whether a text is one of a provider's words, such as requires_capture or Authorised."""
    return len(text) <= _WORD_MAX and WORD.fullmatch(text) is not None


def is_path_word(part: str) -> bool:
    """Say whether a part of an address is a word; eight capitals or digits are none: Adyen has such ids."""
    return is_word(part) and not _CAPITALS.fullmatch(part)


def is_identifier(name: str, text: str) -> bool:
    """Say whether a text identifies something: by the name of its field, or by what it looks like."""
    if len(text) < _KEPT_MIN or not _SHAPE.fullmatch(text):
        return False
    return is_reference(name) or looks_drawn(text)


def looks_drawn(text: str) -> bool:
    """Say whether a text looks as if a machine had drawn it: long, of letters and digits, and no word."""
    return not is_word(text) and any(map(_is_drawn, re.split(r"[_.:/=|-]", text)))


def _is_drawn(part: str) -> bool:
    digits = sum(letter.isdigit() for letter in part)
    return len(part) >= 8 and (0 < digits < len(part) or len(_HUMP.findall(part)) > 2)


class Tokens:
    """The tokens of one recording: the same for the same identifier, of the same length and letters.

    A token keeps a prefix such as `pi_`, so that it may stand wherever the identifier stood.
    """

    def __init__(self, salt: str) -> None:
        self._salt = salt
        self._made: dict[str, str] = {}
        self._taken: set[str] = set()

    def of(self, text: str) -> str:
        """Give the token of an identifier."""
        if len(text) < _KEPT_MIN:
            return text
        if text not in self._made:
            tries = (self._drawn(text, n) for n in range(1000))
            # Where a short one has no free token left, two of them share one.
            token = next((one for one in tries if one not in self._taken), self._drawn(text, 0))
            self._made[text] = token
            self._taken.add(token)
        return self._made[text]

    def _drawn(self, text: str, n: int) -> str:
        found = _PREFIX.match(text)
        kept = found[0] if found else ""
        number = int.from_bytes(hashlib.sha512(f"{self._salt}\x1f{n}\x1f{text}".encode()).digest(), "big")
        out: list[str] = []
        for letter in text[len(kept) :]:
            letters = next((one for one in _CLASSES if letter in one), "")
            if letters:
                number, place = divmod(number, len(letters))
                number = number or int.from_bytes(hashlib.sha512(f"{n}{out}{place}".encode()).digest(), "big")
                letter = letters[place]  # noqa: PLW2901 - the letter as it is written down
            out.append(letter)
        return kept + "".join(out)

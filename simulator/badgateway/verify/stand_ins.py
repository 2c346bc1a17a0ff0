"""What stands in a recorded pact in the place of credentials, ids, moments and ports: the same each time."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping

MOMENT_S = 1_700_000_000
PORT = 8080
# A key, or an id: nothing but zeros, the letter that it may have begun with, and its number.
STAND_IN = re.compile(r"sk_(?:test|live)_recorded[0-9]*|(?<![A-Za-z0-9])[A-Za-z]?0{4,}[0-9]{1,4}")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ISO_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_ISO_EXAMPLE = "2023-11-14T22:13:20"
_EPOCH_S = re.compile(r"(?<![\w.])1[6-9][0-9]{8}(?![\w.])")
_PORT = re.compile(r"(127\.0\.0\.1|localhost)(:|%3A)[0-9]{2,5}", re.IGNORECASE)
# Letters and at least two digits in one piece: drawn by a generator, not written by a person.
_DRAWN = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z]*[0-9][A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{14,}(?![A-Za-z0-9%])"
)
_BASIC = re.compile(r"(?<=Basic )([A-Za-z0-9+/=]+)")


def pattern_of(words: Iterable[str]) -> re.Pattern[str]:
    """Give what finds each of these words where one begins, the longest first; there must be one at least."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, longest_first))})")


class StandIns:
    """One interaction's stand-ins: an id has the same one wherever it stands."""

    def __init__(self, known: re.Pattern[str], fixed: Mapping[str, str]) -> None:
        """Take what finds all known ids and what is fixed: texts whose stand-ins are settled."""
        self._known, self._fixed = known, fixed
        self._made: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def put(self, text: str) -> str:
        """Give a text with stand-ins, in the order in which what they stand for first came up."""
        return "".join(
            self._basic(part) if place % 2 else self._plain(part)
            for place, part in enumerate(_BASIC.split(text))
        )

    def _plain(self, text: str) -> str:
        parts, at = [], 0
        for found in self._known.finditer(text):
            parts += [self._drawn(text[at : found.start()]), self._of(found.group())]
            at = found.end()
        text = "".join([*parts, self._drawn(text[at:])])
        text = ISO_MOMENT.sub(_ISO_EXAMPLE, text)
        text = _EPOCH_S.sub(str(MOMENT_S), text)
        return _PORT.sub(rf"\g<1>\g<2>{PORT}", text)

    def _drawn(self, text: str) -> str:
        text = UUID.sub(lambda found: self._of(found.group()), text)
        return _DRAWN.sub(lambda found: self._of(found.group()), text)

    def _basic(self, credentials: str) -> str:
        try:
            plain = base64.b64decode(credentials, validate=True).decode()
        except ValueError:
            return self._plain(credentials)
        return base64.b64encode(self._plain(plain).encode()).decode()

    def _of(self, word: str) -> str:
        if word in self._fixed:
            return self._fixed[word]
        if word not in self._made:
            head, tail = _parted(word)
            number = self._numbers[head] = self._numbers.get(head, 0) + 1
            self._made[word] = f"{head}{_zeros(tail, number)}"
        return self._made[word]


def _parted(word: str) -> tuple[str, str]:
    """Give what says which kind of id it is, and the rest: `pi_` and what is drawn."""
    head, line, tail = word.rpartition("_")
    return (head + line, tail) if tail else ("", word)


def _zeros(tail: str, number: int) -> str:
    if UUID.fullmatch(tail):
        return f"00000000-0000-0000-0000-{number:012}"
    size = max(6, len(tail))
    # A reference may have to begin with a letter, and a hexadecimal one has only some of them.
    first = tail[0] if tail[0].isalpha() and not re.fullmatch(r"[0-9a-f]+", tail) else ""
    return f"{first}{number:0{size - len(first)}}"

"""Canaries: made-up secrets that are let in on purpose and looked for wherever they must not come out."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from badgateway.ground.chance import digest
from badgateway.ground.redact import is_card_number

CARD, CODE, SECRET, HOST = "card", "code", "secret", "host"
PLAIN, BASE64, URL_ENCODED, SPLIT = "plain", "base64", "URL-encoded", "split"

# No test card of a provider begins with these digits; simulators take what does for a card that is approved.
CARD_PREFIX = "400099"
TRAP = "/trap/"
_BLOCK = 3  # bytes that base64 packs together: text inside it may begin at any of them
_GAP = r"[^0-9A-Za-z]{0,3}"
# Three digits alone prove nothing: a verification code is found only beside its name.
_NAMED = (
    r"(?:cvv2?|cvc2?|csc|security[_ -]?code|verification[_ -]?(?:value|code))(?:%5D|[^0-9A-Za-z]){1,12}",
    r"(?![0-9])",
)


@dataclass(frozen=True, slots=True)
class Canary:
    """One made-up secret. Its value is never written down; `mark` stands for it."""

    label: str  # what it is and by which door it came in: card number, provider's text, API key
    kind: str  # card | code | secret | host
    value: str

    @property
    def mark(self) -> str:
        """Give a short digest by which two records of one canary can be told to be of one."""
        return hashlib.sha256(self.value.encode()).hexdigest()[:12]

    def found_in(self, text: str) -> str | None:
        """Give the form in which it stands in a text, or None: plain, base64, URL-encoded or split."""
        if self._is_plain(text):
            return PLAIN
        decoded = unquote(text) if "%" in text else ""
        if decoded and (self._is_plain(decoded) or self._is_plain(unquote(decoded))):
            return URL_ENCODED
        if self.kind != CODE and any(core in text for core in _cores(self.value)):
            return BASE64
        if self.kind == CARD and _split(self.value).search(text):
            return SPLIT
        return None

    def _is_plain(self, text: str) -> bool:
        if self.kind == CODE:
            return _code(self.value).search(text) is not None
        if self.kind == CARD:
            return _whole(self.value).search(text) is not None
        return self.value in text


def card_number(*seed: object) -> str:
    """Give a card number that no test card and no order number is: 16 digits with a right check digit."""
    body = f"{CARD_PREFIX}{digest('canary', *seed) % 10**9:09}"
    return next(body + check for check in "0123456789" if is_card_number(body + check))


def card_code(*seed: object) -> str:
    """Give a card verification code."""
    return f"{digest('canary code', *seed) % 1000:03}"


@dataclass(frozen=True, slots=True)
class Canaries:
    """The made-up secrets of one play; the next play has others."""

    number: str = ""  # typed into the checkout
    code: str = ""
    told: str = ""  # card number in the provider's words
    trap: str = ""  # path of an address that nobody has a reason to ask


def draw_canaries(seed: int, nonce: str) -> Canaries:
    """Give the canaries of a play."""
    return Canaries(
        card_number(seed, nonce, "typed"),
        card_code(seed, nonce),
        card_number(seed, nonce, "told"),
        f"{TRAP}{digest('trap', seed, nonce):016x}",
    )


@lru_cache(maxsize=256)
def _cores(value: str) -> tuple[str, ...]:
    """Give what base64 makes of a value whatever stands before and behind it, in both alphabets."""
    cores = []
    for before in range(_BLOCK):
        text = base64.b64encode(b"\0" * before + value.encode()).decode()
        # The first and the last group mix with what surrounds the value.
        start = 4 if before else 0
        core = text[start : len(text) - 4] if (len(value) + before) % _BLOCK else text[start:]
        cores += [core, core.replace("+", "-").replace("/", "_")]
    return tuple(dict.fromkeys(core for core in cores if len(core) >= 8))


@lru_cache(maxsize=256)
def _whole(digits: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9]){digits}(?![0-9])")


@lru_cache(maxsize=256)
def _split(digits: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9]){_GAP.join(digits)}(?![0-9])")


@lru_cache(maxsize=256)
def _code(digits: str) -> re.Pattern[str]:
    return re.compile(_NAMED[0] + digits + _NAMED[1], re.IGNORECASE)

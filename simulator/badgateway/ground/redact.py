"""Redaction of free text: known secrets, card numbers and card verification codes."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache

from badgateway.ground.ids import new_nonce

HIDDEN = "[redacted]"
_SECRET_LENGTH_MIN = 6  # shorter ones would hide ordinary words

# Runs of digits, in one piece or in groups; letters and digits around it make it part of an identifier.
_RUN = re.compile(r"(?<![A-Za-z0-9])(?<![0-9]\.)[0-9](?:[ -]?[0-9]){12,}(?![A-Za-z0-9])")
# Source: ISO/IEC 7812 ranges: Visa, Mastercard, Amex, Discover, JCB, Diners, UnionPay, Maestro.
_PREFIX = re.compile(r"4|5[0-8]|2[2-7]|3[0-9]|6[0-9]")
_CODE = re.compile(
    r"((?:cvv2?|cvc2?|csc|security[_ -]?code|verification[_ -]?value)"
    r"(?:%5D|[\"'\\\]])*\s*(?:[:=]|%3D|\s)\s*[\"'\\]*)"
    r"[0-9]{3,4}(?![0-9])",
    re.IGNORECASE,
)
# In all that _RUN finds, and found in a third of the time: nearly every text has none.
_DIGITS = re.compile(r"[0-9][0-9 -]{12}")
# New for each process, so that a token can be compared within a run and looked up nowhere.
_SALT = new_nonce()


def redact(text: str, secrets: Iterable[str] = (), salt: str = _SALT) -> str:
    """Give a text without the secrets, card numbers (Luhn with a card prefix) and verification codes.

    A card number becomes a token such as [card 3f9a2c], the same within one run, so that evidence survives.
    """
    pattern = _pattern(tuple(secrets))
    if pattern is not None:
        text = pattern.sub(HIDDEN, text)
    text = _RUN.sub(lambda found: _without_cards(found.group(), salt), text)
    return _CODE.sub(lambda found: found.group(1) + HIDDEN, text)


def may_hide(text: str, secrets: tuple[str, ...] = ()) -> bool:
    """Say whether `redact` could change a text, or one of several that stand in it line by line."""
    for spelling in _spellings(secrets):
        if spelling in text:
            return True
    if _DIGITS.search(text) is not None and _RUN.search(text) is not None:
        return True
    lowered = text.lower()
    is_suspect = "cv" in lowered or "csc" in lowered or "security" in lowered or "verification" in lowered
    return is_suspect and _CODE.search(text) is not None


def is_card_number(digits: str) -> bool:
    """Say whether digits look like a card number: 13 to 19 of them, a scheme's prefix, a Luhn check digit."""
    if not 13 <= len(digits) <= 19 or not _PREFIX.match(digits):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


@lru_cache(maxsize=64)
def _pattern(secrets: tuple[str, ...]) -> re.Pattern[str] | None:
    spellings = _spellings(secrets)
    return re.compile("|".join(map(re.escape, spellings))) if spellings else None


@lru_cache(maxsize=64)
def _spellings(secrets: tuple[str, ...]) -> tuple[str, ...]:
    """Give each way in which a secret may be written, the longest first."""
    spellings = set()
    for secret in secrets:
        if len(secret) >= _SECRET_LENGTH_MIN:
            basic = base64.b64encode(f"{secret}:".encode()).decode()  # as HTTP basic authentication sends it
            spellings |= {secret, basic}
    return tuple(sorted(spellings, key=lambda word: (-len(word), word)))


def _without_cards(run: str, salt: str) -> str:
    """Replace each card number that fills whole groups of a run of digits."""
    groups = re.split(r"([ -])", run)
    out, at = [], 0
    while at < len(groups):
        for end in range(len(groups), at, -2):
            digits = "".join(groups[at:end:2])
            if is_card_number(digits):
                out.append(f"[card {hashlib.sha256((salt + digits).encode()).hexdigest()[:6]}]")
                at = end
                break
        else:
            out.append(groups[at])
            at += 1
        if at < len(groups) and at % 2:
            out.append(groups[at])
            at += 1
    return "".join(out)

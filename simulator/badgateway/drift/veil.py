"""What a recording keeps of values: structure, numbers, a provider's words; else tokens, or nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import Any

from badgateway.drift.identifiers import Tokens, is_identifier, is_path_word, is_word
from badgateway.drift.names import is_code, is_personal, is_secret
from badgateway.ground.ids import new_nonce
from badgateway.ground.message import Headers
from badgateway.ground.redact import HIDDEN, is_card_number, redact

EMAIL, ADDRESS, NAME = "someone@example.test", "https://example.test/", "redacted"
DEPTH_MAX = 60
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://.*", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?|\.[a-z]{1,20})?")
_DIGITS = re.compile(r"[0-9]{2}")
_SCHEME = re.compile(r"(?:Basic|Bearer)(?= )", re.IGNORECASE)
# What connections and programs say of themselves: nothing that an answer follows from.
_DROPPED_WORDS = """
    accept-encoding accept-language connection content-length content-encoding cookie date forwarded host
    keep-alive proxy-authorization server set-cookie te trailer traceparent tracestate transfer-encoding
    upgrade user-agent via x-forwarded-for x-forwarded-host x-forwarded-proto x-real-ip expect
"""
_DROPPED = frozenset(_DROPPED_WORDS.split())
_ANSWERED = re.compile(r"content-type|retry-after|.*-version|idempoten.*")


class Veil:
    """Hides values of one recording; whatever it lets through may be written down.

    `known` are words of the provider's own that name no person and no card of one, such as test tokens.
    """

    def __init__(self, known: Collection[str] = (), salt: str | None = None) -> None:
        self._salt = new_nonce() if salt is None else salt
        self.tokens = Tokens(self._salt)
        self._known = frozenset(known)
        self._secrets: set[str] = set()

    def learn(self, headers: Headers) -> None:
        """Remember the credentials of a request, so that none of them is written down anywhere."""
        for name, value in headers:
            if _is_credential(name):
                self._secrets |= set(_parts(value))

    def value(self, value: Any, path: tuple[str, ...] = ()) -> Any:
        """Give JSON of the same shape; what hides a text is a text, and what hides a number is 0."""
        is_hidden = bool(path) and (is_secret(path[-1]) or is_personal(path))
        match value:
            case dict():
                if len(path) >= DEPTH_MAX:
                    return {}
                return {self._name(name): self.value(one, (*path, name)) for name, one in value.items()}
            case list():
                return [self.value(one, path) for one in value] if len(path) < DEPTH_MAX else []
            case str():
                return self.text(value, path)
            case bool() | None:
                return value
        is_card = is_card_number(str(value))
        return type(value)(0) if is_hidden or is_card or (path and is_code(path[-1])) else value

    def text(self, text: str, path: tuple[str, ...]) -> str:
        """Give what may be written down of a text at a place."""
        name = path[-1] if path else ""
        if not text or text in self._known:
            return text
        if is_secret(name) or (is_code(name) and _DIGITS.search(text)):
            return HIDDEN
        safe = redact(text, sorted(self._secrets), self._salt)
        if safe != text:
            # What stands beside a secret or a card is no word of the provider's.
            cards = re.findall(r"\[card [0-9a-f]+\]", safe)
            return ("test_" if text.startswith("test_") else "") + cards[0] if cards else HIDDEN
        if _EMAIL.fullmatch(text):
            return EMAIL
        if is_personal(path):
            return HIDDEN
        return self._kept(name, text)

    def _kept(self, name: str, text: str) -> str:
        if _NUMBER.fullmatch(text) or _MOMENT.fullmatch(text):
            return text
        if _ADDRESS.fullmatch(text):
            return ADDRESS
        if is_identifier(name, text):
            return self.tokens.of(text)
        return text if is_word(text) else HIDDEN

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
        """Give a form's or a query's pairs, the places of values being told by brackets in their names."""
        return [[self._form_name(name), self.text(value, form_path(name))] for name, value in pairs]

    def path(self, path: str) -> str:
        """Give an address in which identifiers are tokens."""
        return "/".join(self._segment(part) for part in path.split("/"))

    def headers(self, headers: Headers, *, is_answer: bool = False) -> list[list[str]]:
        """Give the headers that an answer may follow from; of a credential only its scheme."""
        out = []
        for name, value in headers:
            word = name.lower()
            if word in _DROPPED or (is_answer and not _ANSWERED.fullmatch(word)):
                continue
            if _is_credential(word):
                scheme = _SCHEME.match(value)
                out.append([word, f"{scheme[0]} {HIDDEN}" if scheme else HIDDEN])
            elif word in {"content-type", "accept"}:
                out.append([word, value.partition(";")[0].strip().lower()])
            elif "idempoten" in word or word.endswith("request-id"):
                is_flag = value in {"true", "false"}
                out.append([word, value if is_flag else self.tokens.of(value)])
            else:
                out.append([word, self.text(value, (word.replace("-", "_"),))])
        return out

    def _segment(self, part: str) -> str:
        if part in self._known or is_path_word(part) or re.fullmatch(r"v?[0-9]{1,4}", part):
            return part
        return self.text(part, ("id",))

    def _name(self, name: str) -> str:
        """Give a field's name; what a merchant made up for one may tell of somebody as well."""
        is_plain = re.fullmatch(r"[A-Za-z0-9_.$-]{1,64}", name)
        return name if is_plain and redact(name, sorted(self._secrets), self._salt) == name else NAME

    def _form_name(self, name: str) -> str:
        parts = re.split(r"([\[\]])", name)
        return "".join(part if part in {"", "[", "]"} else self._name(part) for part in parts)


def form_path(name: str) -> tuple[str, ...]:
    """Give the place that a form's name with brackets means: a[b][0] is a, b."""
    return tuple(part for part in re.split(r"[\[\]]+", name) if part and not part.isdecimal())


def _parts(value: str) -> Iterator[str]:
    """Give what is secret in a header: all of it, or what follows a scheme, also as it was before base64."""
    scheme = _SCHEME.match(value)
    told = value[scheme.end() :].strip() if scheme else value.strip()
    yield told
    if scheme and scheme[0].lower() == "basic":
        with suppress(ValueError):
            yield from base64.b64decode(told, validate=True).decode().split(":", 1)


def _is_credential(name: str) -> bool:
    word = name.lower()
    has_word = any(
        part in word for part in ("authorization", "api-key", "apikey", "token", "secret", "signature")
    )
    return (has_word or word.endswith("-key")) and "idempoten" not in word

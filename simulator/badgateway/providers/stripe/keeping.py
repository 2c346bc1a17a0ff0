"""Requests as they may be written down: card numbers as the tokens of their test cards, and back again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote_plus, unquote_plus

from badgateway.ground.message import Request
from badgateway.ground.records import changed
from badgateway.providers.stripe.cards import ACCOUNTS, BY_TOKEN
from badgateway.providers.stripe.debits import (
    EURO_ACCOUNTS,
    NO_IBAN,
    NOBODYS,
    account_stand_in,
    iban_stand_in,
)
from badgateway.providers.stripe.methods import REAL, code_stand_in, stand_in

# What counts for what is asked; a credential is none of it.
_HEADERS = frozenset(
    {"content-type", "host", "idempotency-key", "stripe-account", "stripe-context", "stripe-version"}
)
# The number or the code of a card, however deep it stands, and whatever hangs on it.
_SECRET = re.compile(
    r"(.*\b(?:card|us_bank_account|sepa_debit)\]?(?:\[[0-9]*\])*\[(number|cvc|account_number|iban)\]).*",
    re.DOTALL,
)
_NUMBER_OF_NO_TEST_CARD = "4111111111111111"
_NO_NUMBER = "0"
_IBANS = {NOBODYS: "GB82WEST12345698765432", NO_IBAN: "0"}  # the first is the example of the standard
_STAND_INS: Mapping[str, Callable[[str], str]] = {
    "number": stand_in,
    "cvc": code_stand_in,
    "account_number": account_stand_in,
    "iban": iban_stand_in,
}


def kept(request: Request) -> Request:
    """Give a request without card numbers, codes and credentials; what is no text keeps no body."""
    headers = tuple(pair for pair in request.headers if pair[0].lower() in _HEADERS)
    return changed(
        request,
        headers=headers,
        query=_each(request.query, _hidden),
        body=_body(request.body, _hidden),
    )


def recalled(request: Request, credential: str | None) -> Request:
    """Give a kept request as it came, with this credential; the numbers are those of the test cards."""
    headers = request.headers
    if credential is not None:
        headers = (*headers, ("Authorization", f"Bearer {credential}"))
    return changed(
        request,
        headers=headers,
        query=_each(request.query, _shown),
        body=_body(request.body, _shown),
    )


def _body(body: bytes, change: Callable[[str, str], str]) -> bytes:
    try:
        return _each(body.decode(), change).encode()
    except UnicodeDecodeError:
        return body


def _each(form: str, change: Callable[[str, str], str]) -> str:
    """Change the secret pairs of a form, and leave every other byte of it as it is."""
    pairs = []
    for pair in form.split("&"):
        name, _, value = pair.partition("=")
        found = _SECRET.fullmatch(unquote_plus(name))
        if found is not None:
            text = change(found[2], unquote_plus(value))
            pair = f"{quote_plus(found[1])}={quote_plus(text)}"  # noqa: PLW2901 - the pair as it is kept
        pairs.append(pair)
    return "&".join(pairs)


def _hidden(name: str, value: str) -> str:
    return _STAND_INS[name](value)


def _shown(name: str, value: str) -> str:
    if name == "account_number":
        return next((number for number, token in ACCOUNTS.items() if token == value), _NO_NUMBER)
    if name == "iban":
        return EURO_ACCOUNTS[value].number if value in EURO_ACCOUNTS else _IBANS[value]
    if name == "cvc":
        return value
    if value == REAL:
        return _NUMBER_OF_NO_TEST_CARD
    return BY_TOKEN[value].number if value in BY_TOKEN else _NO_NUMBER

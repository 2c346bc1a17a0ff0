"""Payment methods: test cards, tokens that stand for a decision, and what issuers answer to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from badgateway.ground.canary import CARD_PREFIX
from badgateway.ground.redact import is_card_number
from badgateway.payments.decisions import CARDS
from badgateway.payments.model import Decision, Payment

# Test numbers of gateways that Euler routes to in its sandbox: number -> (brand, neutral card word).
NUMBERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "4242424242424242": ("VISA", "approved"),
        "4111111111111111": ("VISA", "approved"),
        "5555555555554444": ("MASTERCARD", "approved"),
        "378282246310005": ("AMEX", "approved"),
        "4000000000000002": ("VISA", "declined"),
        "5105105105105100": ("MASTERCARD", "declined"),
        "4000000000009995": ("VISA", "insufficient_funds"),
        "4000000000009987": ("VISA", "lost_card"),
        "4000000000009979": ("VISA", "stolen_card"),
        "4000003800000446": ("VISA", "authentication_required"),
    }
)
REAL, WRONG = "a card of somebody", "no card number"
# A token that every merchant of a test account has, for each neutral card word: ours.
TOKENS: Mapping[str, str] = MappingProxyType({word: f"tkn_{word}" for word in CARDS})
_WORDS = {token: word for word, token in TOKENS.items()}
# Methods without a card: the bank's or the wallet's own page asks the shopper, a collect request waits.
_OTHERS = {
    "NB": "authentication_required",
    "WALLET": "authentication_required",
    "UPI": "pending_then_succeeds",
}
SECRET = ("card_number", "card_security_code", "card_exp_month", "card_exp_year", "name_on_card")


@dataclass(frozen=True, slots=True)
class Instrument:
    """One payment method as it was given; nothing in it is secret."""

    id: str
    word: str  # neutral card word
    type: str = "CARD"
    brand: str = "VISA"  # payment_method in answers
    last4: str = "4242"


def masked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Give fields in which card data is replaced by as much of it as the simulator needs."""
    shown = {name: value for name, value in fields.items() if name not in SECRET}
    number = fields.get("card_number")
    if number is not None:
        plain = str(number).replace(" ", "").replace("-", "")
        shown["card_number"] = _stand_in(plain)
    return shown


def read(fields: Mapping[str, Any], made: str) -> Instrument | None:
    """Give the instrument of masked fields under an id of its own; None: they name none that there is."""
    given = {name: fields.get(name) for name in ("payment_method_type", "payment_method")}
    if any(not isinstance(one, str | None) for one in given.values()):
        return None
    kind = (given["payment_method_type"] or "CARD").upper()
    if kind in _OTHERS:
        return Instrument(made, _OTHERS[kind], kind, given["payment_method"] or kind, "")
    if kind != "CARD":
        return None
    token = fields.get("card_token")
    if token is not None:
        word = _WORDS.get(str(token))
        return Instrument(made, word) if word is not None else None
    found = NUMBERS.get(str(fields.get("card_number")))
    return Instrument(made, found[1], "CARD", found[0], str(fields["card_number"])[-4:]) if found else None


def decide(payment: Payment, known: Mapping[str, Instrument]) -> Decision:
    """Say what the issuer answers to a charge."""
    instrument = known.get(payment.method or "")
    return CARDS[instrument.word] if instrument is not None else Decision()


def _stand_in(number: str) -> str:
    if number in NUMBERS:
        return number
    if number.startswith(CARD_PREFIX):
        return "4242424242424242"  # a made-up number that is only looked for
    return REAL if number.isdecimal() and is_card_number(number) else WRONG

"""Payment methods: test cards, tokens that stand for a decision, and what issuers answer to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from badgateway.ground.canary import CARD_PREFIX
from badgateway.ground.redact import is_card_number
from badgateway.payments.decisions import CARDS, decision
from badgateway.payments.model import Decision, Payment
from badgateway.providers.adyen.codes import APPROVED, PENDING, REASONS, asked_for
from badgateway.providers.adyen.holds import with_window

# Source: Adyen's page on test cards. All of them have one expiry date and one security code.
NUMBERS: Mapping[str, tuple[str, str]] = MappingProxyType(  # number -> (brand, neutral card word)
    {
        "4111111111111111": ("visa", "approved"),
        "4988438843884305": ("visa", "approved"),
        "5555555555554444": ("mc", "approved"),
        "5454545454545454": ("mc", "approved"),
        "370000000000002": ("amex", "approved"),
        "6011601160116611": ("discover", "approved"),
        "36006666333344": ("diners", "approved"),
        "3569990010095841": ("jcb", "approved"),
        "4212345678910006": ("visa", "authentication_required"),
        "5201281505111736": ("mc", "authentication_required"),
    }
)
CARD_TYPES = ("scheme", "card", "bcmc", "networkToken", "giftcard", "clicktopay")
EXPIRY, CODES = ("3", "2030"), ("737", "7373")
REAL, WRONG, UNKNOWN = "a card of somebody", "no card number", "a stored card of nobody"
_SEALED = "test_"  # with which a test integration may send what a browser would have encrypted
# A stored payment method that every shopper of a test account has, for each neutral card word: ours.
TOKENS: Mapping[str, str] = MappingProxyType({word: f"TEST{word.replace('_', '').upper()}" for word in CARDS})
_WORDS = {token: word for word, token in TOKENS.items()}
SECRET = ("number", "cvc", "encryptedCardNumber", "encryptedSecurityCode", "encryptedBlob", "encryptedCard")
RIGHT, WRONG_CODE = "right", "wrong"  # what stands for a security code
_BEGINNINGS = ("cardNumber", "encryptedCardNumber")  # of which only the bank's digits count
_BANK_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Instrument:
    """One payment method as it was given; nothing in it is secret."""

    id: str
    word: str  # neutral card word
    brand: str = "visa"
    last4: str = "1111"
    asked: int | None = None  # the row of Adyen's table that a trigger named
    holder: str | None = None
    is_stored: bool = False

    @property
    def summary(self) -> str:
        """Give what stands for the card in notifications: last digits and expiry."""
        return f"{self.last4}:03/2030"


def masked(body: Mapping[str, Any]) -> dict[str, Any]:
    """Give a body in which card data is replaced by as much of it as the simulator needs."""
    body = bin_of(body)
    method = body.get("paymentMethod")
    if not isinstance(method, Mapping):
        return body
    shown = {name: value for name, value in method.items() if name not in SECRET}
    number = _plain(method, "number", "encryptedCardNumber")
    if number is not None:
        shown["number"] = _stand_in(number)
    code = _plain(method, "cvc", "encryptedSecurityCode")
    if code is not None:
        shown["cvc"] = RIGHT if code in CODES or not code.isdecimal() else WRONG_CODE
    return {**body, "paymentMethod": shown}


def bin_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Give a body in which a number that is asked about is as much of it as tells the bank."""
    return {
        name: value.removeprefix(_SEALED)[:_BANK_DIGITS]
        if name in _BEGINNINGS and isinstance(value, str)
        else value
        for name, value in body.items()
    }


def read(body: Mapping[str, Any], made: str) -> Instrument | None:
    """Give the instrument of a masked request under an id of its own; None: it names no method.

    A number that is no test card's gives an instrument with the word REAL or WRONG, a stored method that
    nobody has one with the word UNKNOWN.
    """
    method = body.get("paymentMethod")
    if not isinstance(method, Mapping):
        return None
    extra = body.get("additionalData")
    requested = extra.get("RequestedTestAcquirerResponseCode") if isinstance(extra, Mapping) else None
    holder = method.get("holderName") if isinstance(method.get("holderName"), str) else None
    asked = asked_for(holder, requested)
    stored = method.get("storedPaymentMethodId") or method.get("recurringDetailReference")
    if isinstance(stored, str) and stored:
        return Instrument(made, _WORDS.get(stored, UNKNOWN), asked=asked, holder=holder, is_stored=True)
    number = str(method.get("number") or "4111111111111111")
    if number in {REAL, WRONG}:
        return Instrument(made, number)
    brand, word = NUMBERS.get(number, ("visa", "approved"))
    if asked is None and not _is_complete(method):
        asked = 2  # a wrong code or date is refused without a reason of its own
    return Instrument(made, word, brand, number[-4:], asked, holder)


def decide(payment: Payment, known: Mapping[str, Instrument]) -> Decision:
    """Say what the issuer answers to a charge, and how long it would hold the money."""
    instrument = known.get(payment.method or "")
    if instrument is None:
        return Decision()
    return with_window(_answer_of(instrument), payment, instrument.brand)


def _answer_of(instrument: Instrument) -> Decision:
    if instrument.asked == PENDING:
        return decision("pending")
    if instrument.asked is not None and instrument.asked != APPROVED:
        return decision("declined", REASONS[instrument.asked].failure)
    return CARDS.get(instrument.word, Decision())


def word_of(token: str) -> str:
    """Give the neutral word of a stored method that every shopper of a test account has."""
    return _WORDS[token]


def is_test_card(instrument: Instrument) -> bool:
    """Say whether a number may be charged here at all."""
    return instrument.word not in {REAL, WRONG}


def is_known(instrument: Instrument) -> bool:
    """Say whether a stored method is one that the shopper has."""
    return instrument.word != UNKNOWN


def is_card(body: Mapping[str, Any]) -> bool:
    """Say whether a request is to be paid with a card, and with no other method of Adyen's."""
    method = body.get("paymentMethod")
    return not isinstance(method, Mapping) or (method.get("type") or "scheme") in CARD_TYPES


def _plain(method: Mapping[str, Any], *names: str) -> str | None:
    found = next((method[name] for name in names if isinstance(method.get(name), str)), None)
    return found.removeprefix(_SEALED).replace(" ", "") if found is not None else None


def _stand_in(number: str) -> str:
    if number in NUMBERS:
        return number
    if number.startswith(CARD_PREFIX) or not number.isdecimal():
        return "4111111111111111"  # a made-up number that is only looked for, or what a browser encrypted
    return REAL if is_card_number(number) else WRONG


def _is_complete(method: Mapping[str, Any]) -> bool:
    month = _plain(method, "expiryMonth", "encryptedExpiryMonth")
    year = _plain(method, "expiryYear", "encryptedExpiryYear")
    dates = (month or "").lstrip("0"), year or ""
    is_dated = not all(one.isdecimal() for one in dates) or dates == EXPIRY
    return is_dated and method.get("cvc") != WRONG_CODE

"""Payment methods out of test tokens and card data, and what the issuer decides about them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from badgateway.ground.canary import CARD_PREFIX
from badgateway.ground.clock import utc_text
from badgateway.ground.records import changed
from badgateway.ground.redact import is_card_number
from badgateway.payments.decisions import CARDS as DECISIONS
from badgateway.payments.model import Decision, Payment
from badgateway.providers.base import Account
from badgateway.providers.stripe.cards import BY_NUMBER, BY_TOKEN, WORDINGS, Card
from badgateway.providers.stripe.debits import (
    ACH,
    EURO_ACCOUNTS,
    NO_IBAN,
    SEPA,
    account_stand_in,
    iban_stand_in,
)
from badgateway.providers.stripe.errors import Problem, Refused, invalid, missing, no_such
from badgateway.providers.stripe.holds import window_ms
from badgateway.providers.stripe.shelf import Method, shelf

OFF_SESSION = "is_off_session"  # among the details of a payment: the shopper is not there
WRONG, REAL = "wrong number", "real number"  # stand for numbers of no test card
UNKNOWN = "approved"  # the neutral card word of a method that nobody knows
GIVEN, WRONG_CODE = "given", "wrong"  # stand for security codes


YEARS_MAX = 50  # a card that is good for longer is a typing error
_BAD_DATA = {
    "cvc": ("invalid_cvc", "security code"),
    "exp_month": ("invalid_expiry_month", "expiration month"),
    "exp_year": ("invalid_expiry_year", "expiration year"),
}


def masked(params: Mapping[str, Any]) -> dict[str, Any]:
    """Give parameters in which each card number is replaced by its test card's token, and codes are gone.

    Done before anything else looks at a request, so that a number is never kept, hashed or logged.
    """
    return {name: value if isinstance(value, str) else _masked(name, value) for name, value in params.items()}


def stand_in(number: str) -> str:
    """Give the token of a card number's test card, or what stands for a number of none."""
    digits = number if number in BY_NUMBER else "".join(letter for letter in number if letter.isdigit())
    known = BY_NUMBER.get(digits)
    if known is not None:
        return known.token
    if digits.startswith(CARD_PREFIX) and is_card_number(digits):
        return "pm_card_visa"  # a made-up number that is only to be looked for: any card will do
    return REAL if is_card_number(digits) else WRONG


def code_stand_in(code: str) -> str:
    """Say of a security code no more than whether it has as many digits as one."""
    is_right = code.isdecimal() and len(code) in {3, 4}
    return GIVEN if is_right or code == GIVEN else WRONG_CODE


# The secrets of each hash, by its name, and what gives the text that stands for one.
SECRETS: Mapping[str, Mapping[str, Callable[[str], str]]] = {
    ACH: {"account_number": account_stand_in},
    SEPA: {"iban": iban_stand_in},
    "card": {"cvc": code_stand_in, "number": stand_in},
}
_NO_SECRETS: Mapping[str, Callable[[str], str]] = {}


def take(chosen: str, account: Account, param: str = "payment_method") -> Method:
    """Give a payment method by its id, or a new one for a test token; raises Refused."""
    card = BY_TOKEN.get(chosen) or EURO_ACCOUNTS.get(chosen)
    if card is not None:
        return make(card, account)
    known: Method | None = shelf(account).methods.get(chosen)
    if known is None:
        raise Refused(no_such("PaymentMethod", chosen, param, status=400))
    return known


def from_data(data: Mapping[str, Any], account: Account, param: str = "payment_method_data") -> Method:
    """Make a payment method out of its data: `type`, and `card` with a token or a number; raises Refused."""
    kind = data.get("type")
    billing = data.get("billing_details")
    details = billing if isinstance(billing, dict) else {}
    if not kind:
        raise Refused(missing(f"{param}[type]" if param else "type"))
    if kind == ACH:
        return make(_bank_account(data.get(kind)), account, billing=details)
    if kind == SEPA:
        return make(
            _euro_account(data.get(kind), f"{param}[{SEPA}]" if param else SEPA), account, billing=details
        )
    if kind != "card":
        what = f"The payment method type {str(kind)[:40]!r} is not simulated; use card, {ACH} or {SEPA}."
        raise Refused(invalid(what, "type"))
    card = data.get("card")
    if not isinstance(card, dict):
        raise Refused(missing("card"))
    return _from_card(card, account, details)


def make(
    card: Card, account: Account, *, billing: dict[str, Any] | None = None, month: int = 12, year: int = 2034
) -> Method:
    """Put a new payment method on the shelf; raises Refused for one whose story is not simulated."""
    if card.refused is not None:
        raise Refused(invalid(f"This simulator has no {card.refused}, so {card.token} is not taken."))
    made = changed(
        _blank(card, account.api_key, month, year),
        id=f"pm_1{account.ids.make('payment method', 23)}",
        created_s=account.clock.now_s(),
        billing=billing or {},
        metadata={},
    )
    shelf(account).methods.add(made.id, made)
    return made


def decide(payment: Payment, account: Account) -> Decision:
    """Say what the issuer answers to a charge of this payment."""
    known, is_alone = shelf(account).methods.get(payment.method or ""), bool(payment.details.get(OFF_SESSION))
    word = known.word if known else UNKNOWN
    if known is not None and known.is_set_up and known.prepared_word and is_alone:
        word = known.prepared_word
    return _decided(word, window_ms(payment, account, is_alone=is_alone))


def word_of(method: str | None, account: Account) -> str:
    """Give the neutral card word of a payment method."""
    known = shelf(account).methods.get(method or "")
    return known.word if known else UNKNOWN


@lru_cache(maxsize=256)
def _decided(word: str, held_ms: int) -> Decision:
    return changed(DECISIONS[word], held_ms=held_ms)


@lru_cache(maxsize=256)
def _blank(card: Card, api_key: str, month: int, year: int) -> Method:
    """Give a payment method of a card without what is its own."""
    return Method(
        id="",
        word=card.word,
        type=card.type,
        brand=card.brand,
        funding=card.funding,
        last4=card.last4,
        created_s=0,
        fingerprint=hashlib.sha256(f"{card.token}{api_key}".encode()).hexdigest()[:16],
        exp_month=month,
        exp_year=year,
        setup_word=card.setup or card.word,
        prepared_word=card.prepared,
        is_set_up=card.is_set_up,
        checks=card.checks,
        risk=card.risk,
        disputed=card.disputed,
    )


def automatic(params: Mapping[str, Any]) -> dict[str, Any] | None:
    """Show what was asked about automatic payment methods; None where the types are named."""
    if params.get("payment_method_types"):
        return None
    asked = params.get("automatic_payment_methods") or {}
    return {
        "allow_redirects": asked.get("allow_redirects", "always"),
        "enabled": asked.get("enabled") not in {"false", "False"},
    }


def card_capture(params: Mapping[str, Any]) -> str | None:
    """Give the capture method that is asked for with cards, whatever the intent's own is."""
    options = params.get("payment_method_options")
    card = options.get("card") if options else None
    return card.get("capture_method") if isinstance(card, dict) else None


def expiry(card: Mapping[str, Any], account: Account) -> tuple[int, int]:
    """Give month and year up to which a card is good; raises Refused for one that is not any more."""
    month, year = _number(card, "exp_month", 1, 12), _number(card, "exp_year", 0, 9999)
    year = year if year > 99 else 2000 + year
    this_year, this_month = (int(part) for part in utc_text(account.clock.now_ms()).split("-")[:2])
    if not this_year <= year <= this_year + YEARS_MAX:
        raise Refused(_bad_data("exp_year"))
    if (year, month) < (this_year, this_month):
        raise Refused(_bad_data("exp_month"))
    return month, year


def _from_card(card: Mapping[str, Any], account: Account, billing: dict[str, Any]) -> Method:
    token = str(card.get("token") or card.get("number") or "")
    if not token:
        raise Refused(missing("card[number]"))
    if token in (WRONG, REAL):
        raise Refused(_unusable(token))
    # Old tokens are called after the same cards: tok_visa is pm_card_visa.
    found = BY_TOKEN.get(token) or BY_TOKEN.get(f"pm_card_{token.removeprefix('tok_')}")
    if found is None:
        raise Refused(no_such("token", token, "card[token]", status=400))
    if "number" not in card:
        return make(found, account, billing=billing)
    month, year = expiry(card, account)
    if card.get("cvc") == WRONG_CODE:
        raise Refused(_bad_data("cvc"))
    return make(found, account, billing=billing, month=month, year=year)


def _bank_account(given: object) -> Card:
    """Give the test account that is meant; any other number is one that can be debited."""
    number = given.get("account_number") if isinstance(given, dict) else None
    return BY_TOKEN.get(str(number)) or BY_TOKEN["pm_usBankAccount_success"]


def _euro_account(given: object, path: str) -> Card:
    """Give the test account that is meant, or for any other IBAN one that can be debited; raises Refused."""
    iban = given.get("iban") if isinstance(given, dict) else None
    if not iban:
        raise Refused(missing(f"{path}[iban]"))
    if iban == NO_IBAN:
        raise Refused(
            invalid("The IBAN is none: its country, length or check digits are wrong.", f"{path}[iban]")
        )
    return EURO_ACCOUNTS.get(str(iban)) or EURO_ACCOUNTS["pm_success_de"]


def _unusable(token: str) -> Problem:
    if token == WRONG:
        words = WORDINGS["incorrect_number"]
        return Problem(402, words.message, words.code, "card_error", param="number", refusal="declined")
    return Problem(
        402,
        "Your card was declined: only the provider's test cards are taken here.",
        "card_declined",
        "card_error",
        decline_code="testmode_decline",
        refusal="declined",
    )


def _bad_data(name: str) -> Problem:
    """Refuse what cannot be on a card. Source: Stripe's page on testing, invalid data."""
    code, what = _BAD_DATA[name]
    words = f"Your card's {what} is invalid."
    return Problem(402, words, code, "card_error", param=name, refusal="declined")


def _number(card: Mapping[str, Any], name: str, least: int, most: int) -> int:
    text = str(card.get(name, ""))
    if not text:
        raise Refused(missing(f"card[{name}]"))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise Refused(_bad_data(name))
    return int(text)


def _masked(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [one if isinstance(one, str) else _masked(name, one) for one in value]
    if not isinstance(value, dict):
        return value
    inner = {key: one if isinstance(one, str) else _masked(key, one) for key, one in value.items()}
    for key, replaced in SECRETS.get(name, _NO_SECRETS).items():
        if key in inner:
            inner[key] = replaced(str(inner[key]))
    return inner

"""POST /payments and /payments/details: a payment is made, and after a redirect it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.payments.commands import ChargePayment, CreatePayment
from badgateway.payments.model import Capture, Outcome, Payment, Status
from badgateway.providers.adyen import instruments
from badgateway.providers.adyen.call import Call, Done
from badgateway.providers.adyen.codes import Reason, reason_of
from badgateway.providers.adyen.errors import Refused, missing
from badgateway.providers.adyen.hints import hints
from badgateway.providers.adyen.instruments import Instrument
from badgateway.providers.adyen.pages import redirect_url
from badgateway.providers.adyen.reading import amount_of, check_merchant, flag_of, text_of
from badgateway.providers.adyen.shelf import new_reference, shelf
from badgateway.providers.adyen.units import amount
from badgateway.providers.base import Account

_KEPT = (
    "reference",
    "merchantOrderReference",
    "shopperReference",
    "shopperInteraction",
    "shopperEmail",
    "returnUrl",
    "metadata",
    "channel",
)
_UNATTENDED = {"ContAuth", "Moto"}


def create(call: Call) -> Done:
    """Make a payment and charge it. A refusal is an answer like any other, with status 200."""
    merchant = check_merchant(call)
    minor, currency = amount_of(call)
    reference = text_of(call, "reference")
    if reference is None:
        raise Refused(missing("130", "Reference Missing"))
    instrument = _instrument(call)
    if text_of(call, "returnUrl") is None and not instrument.is_stored:
        raise Refused(missing("14_030", "Return URL is missing."))
    payment_id = new_reference(call.account)
    shelf(call.account).instruments[instrument.id] = instrument
    outcome = _do(
        call,
        CreatePayment(
            id=payment_id,
            amount_minor=minor,
            currency=currency,
            capture=Capture.MANUAL if _is_manual(call.body) else Capture.AUTOMATIC,
            order_ref=" ".join(hints(call.body)),
            method=instrument.id,
            charge=True,
            off_session=call.body.get("shopperInteraction") in _UNATTENDED,
            confirms_again=True,  # what a shopper has passed is charged by /payments/details
            details={
                **{name: call.body[name] for name in _KEPT if name in call.body},
                "merchantAccount": merchant,
                "authorisationType": _extra(call.body).get("authorisationType"),
                "redirect": call.account.ids.make("redirect", 24),
            },
        ),
    )
    return _done(call, outcome)


def details(call: Call) -> Done:
    """Go on with a payment whose shopper has come back."""
    told = call.body.get("details")
    given = told.get("redirectResult") if isinstance(told, Mapping) else None
    if not isinstance(given, str) or not given:
        raise Refused(missing("14_002", "Required object 'details' is not provided or says nothing."))
    payment: Payment | None = call.account.book.payment(given[:16])
    # What no request has made has no redirect.
    if payment is None or "redirect" not in payment.details or given != redirect_token(payment):
        raise Refused(missing("14_0418", "Invalid redirect result."))
    if payment.status is Status.NEW and payment.is_authenticated:
        return _done(call, _do(call, ChargePayment(payment.id)))
    # Asked again, or the shopper never got through: how it stands, and nothing is charged.
    refusal = "declined" if payment.status is Status.NEW else None
    return Done(payment_response(payment, call.account), payment=payment, refusal=refusal)


def redirect_token(payment: Payment) -> str:
    """Give what a shopper brings back from a redirect; it begins with the payment's reference."""
    return f"{payment.id}{payment.details['redirect']}"


def payment_response(payment: Payment, account: Account) -> dict[str, Any]:
    """Give the answer about a payment as it stands."""
    shown: dict[str, Any] = {"merchantReference": payment.details["reference"]}
    if payment.status is Status.ACTION:
        url = redirect_url(shelf(account).home, redirect_token(payment))
        action = {"type": "redirect", "method": "GET", "url": url, "paymentMethodType": "scheme"}
        return {**shown, "resultCode": "RedirectShopper", "action": action}
    shown["pspReference"] = payment.id
    instrument = instrument_of(payment, account)
    if payment.status is Status.NEW:
        reason = refusal_of(payment, account)
        told = {"refusalReason": reason.text, "refusalReasonCode": str(reason.number)}
        return {**shown, "resultCode": reason.result, **told}
    held = payment.attempts[-1].amount_minor if payment.attempts else payment.amount_minor
    shown |= {
        "amount": amount(held, payment.currency),
        "paymentMethod": {"type": "scheme", "brand": instrument.brand},
    }
    if payment.status is Status.PENDING:
        return {**shown, "resultCode": "Received"}
    is_partial = held < payment.amount_minor
    return {**shown, "resultCode": "PartiallyAuthorised" if is_partial else "Authorised"}


def refusal_of(payment: Payment, account: Account) -> Reason:
    """Give the row of Adyen's table that tells why a payment was refused."""
    assert payment.failure is not None, "a payment that is refused says why"
    return reason_of(payment.failure.code, instrument_of(payment, account).asked)


def instrument_of(payment: Payment, account: Account) -> Instrument:
    """Give how a payment is paid; one that was made by nobody's request has a card like any other."""
    return shelf(account).instruments.get(payment.method or "") or Instrument("", "approved")


def _instrument(call: Call) -> Instrument:
    if not instruments.is_card(call.body):
        raise Refused(missing("905_1", "Could not find an acquirer account for this method of payment"))
    found = instruments.read(call.body, call.account.ids.make("instrument", 16))
    if found is None:
        raise Refused(missing("14_006", "Required object 'paymentMethod' is not provided."))
    if not instruments.is_test_card(found):
        raise Refused(missing("101", "Invalid card number"))
    if not instruments.is_known(found):
        # Source: Adyen's help page on error 803.
        raise Refused(missing("803", "PaymentDetail not found"))
    return found


def _extra(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found = body.get("additionalData")
    return found if isinstance(found, Mapping) else {}


def _is_manual(body: Mapping[str, Any]) -> bool:
    # Where captures are delayed, nothing is captured before the delay has passed; here it never does.
    return flag_of(body, "manualCapture") or bool(body.get("captureDelayHours"))


def _do(call: Call, command: object) -> Outcome:
    outcome: Outcome = call.account.book.do(command, call.account.cause)
    return outcome


def _done(call: Call, outcome: Outcome) -> Done:
    refusal = outcome.refusal
    if refusal is not None and not outcome.is_applied:
        raise Refused(missing("137", refusal.message))
    assert outcome.payment is not None, "what was done was done to a payment"
    payment: Payment = call.account.book.payment(outcome.payment.id)
    return Done(
        payment_response(payment, call.account),
        payment=payment,
        is_applied=outcome.is_applied,
        refusal=refusal.code if refusal is not None else None,
    )

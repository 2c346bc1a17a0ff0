"""Payment intents: create, confirm, capture, cancel, retrieve, update, list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from badgateway.ground.records import changed
from badgateway.payments.commands import (
    CapturePayment,
    ChargePayment,
    CreatePayment,
    UpdatePayment,
    VoidPayment,
)
from badgateway.payments.model import Capture, Outcome, Payment, Status
from badgateway.providers.stripe import methods
from badgateway.providers.stripe.amount_details import checked
from badgateway.providers.stripe.amounts import charged, currency_of, part
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.debits import SEPA
from badgateway.providers.stripe.errors import Problem, Refused, invalid, no_such
from badgateway.providers.stripe.hints import hints
from badgateway.providers.stripe.holds import check_several, over_minor
from badgateway.providers.stripe.intent_object import ECHOED, intent_status, payment_intent_object
from badgateway.providers.stripe.lists import page_of
from badgateway.providers.stripe.params import merged
from badgateway.providers.stripe.refusals import refused, wrong_state
from badgateway.providers.stripe.saving import check_owner, keep_for_later
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.units import to_wire

# Source: stripe-python 16.1.0, where each "can only be used with confirm=true".
_WITH_CONFIRM = ("error_on_requires_action", "mandate", "mandate_data", "off_session", "return_url")
# Unpublished and variable, says Stripe's reference; a test account was seen to take ten, and to cancel then.
CONFIRMATIONS_MAX = 10
_REMEMBERED = (*ECHOED.split(), "payment_method_options", "payment_method_types", "return_url")
# SDKs of Python before 8 send True.
_ALONE = frozenset({"true", "True", "one_off", "recurring"})
_CONFIRMABLE = frozenset({Status.NEW, Status.ACTION})
_ANY_REMEMBERED, _ANY_WITH_CONFIRM = frozenset(_REMEMBERED), frozenset(_WITH_CONFIRM)


def create(call: Call) -> Done:
    """Make an intent, and confirm it where `confirm` says so."""
    params, make = call.params, call.account.ids.make
    currency = currency_of(params["currency"])
    amount = charged(params["amount"], currency)
    customer = params.get("customer")
    if customer is not None:
        check_customer(call)
    is_confirmed, is_alone = bool(params.get("confirm")), params.get("off_session") in _ALONE
    if not is_confirmed and not _ANY_WITH_CONFIRM.isdisjoint(params):
        _check_unconfirmed(params)
    method = _method(call, customer, currency)
    if is_confirmed and method is None:
        what = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise Refused(invalid(what, "payment_method", "parameter_missing"))
    payment_id = f"pi_3{make('payment intent', 23)}"
    asked = params.get("capture_method") or "automatic"
    details = _details(params)
    details[methods.OFF_SESSION] = is_alone
    parts, metadata = params.get("amount_details"), params.get("metadata")
    details["amount_details"] = checked(parts, params["amount"]) if parts else None
    details["metadata"] = merged({}, metadata) if metadata else {}
    details["capture_method"] = asked
    details["automatic_payment_methods"] = methods.automatic(params)
    details["client_secret"] = f"{payment_id}_secret_{make('client secret', 25)}"
    has_options = "payment_method_options" in params
    is_manual = asked == "manual" or (has_options and methods.card_capture(params) == "manual")
    command = CreatePayment(
        id=payment_id,
        amount_minor=amount,
        currency=currency,
        capture=Capture.MANUAL if is_manual else Capture.AUTOMATIC,
        order_ref=" ".join(call.ask.hints) or None,
        method=method,
        charge=is_confirmed,
        off_session=is_alone,
        error_on_action=bool(params.get("error_on_requires_action")),
        confirms_again=params.get("confirmation_method") == "manual",
        details=MappingProxyType(details),
    )
    return _done(call, _do(call, command), "charge")


def confirm(call: Call) -> Done:
    """Ask issuer and gateway."""
    payment = need(call)
    params = call.params
    if payment.status not in _CONFIRMABLE:
        raise Refused(wrong_state(payment, "charge", call.account))
    if payment.attempts and sum(one.status == "failed" for one in payment.attempts) >= CONFIRMATIONS_MAX:
        raise Refused(_given_up(call, payment))
    method = None
    if params:
        _same_capture(call, payment)
        method = _method(call, payment.details.get("customer"), payment.currency)
    if method is None and intent_status(payment) == "requires_payment_method":
        raise Refused(wrong_state(payment, "charge", call.account))
    is_alone = params.get("off_session") in _ALONE
    if details := _confirmed(payment, params, is_alone=is_alone):
        _do(call, UpdatePayment(payment.id, details=details))
    is_error = bool(params.get("error_on_requires_action"))
    command = ChargePayment(payment.id, method, off_session=is_alone, error_on_action=is_error)
    return _done(call, _do(call, command), "charge")


def capture(call: Call) -> Done:
    """Take held money, all or a part of it."""
    payment = need(call)
    asked = call.params.get("amount_to_capture")
    minor = None if asked is None else part(asked, payment.currency, "amount_to_capture")
    is_final = call.params.get("final_capture") is not False
    if not is_final:
        check_several(payment, call.account)
    over = over_minor(payment, payment.held_minor, call.account)
    outcome = _do(call, CapturePayment(payment.id, minor, is_final=is_final, over_minor=over))
    if outcome.refusal is not None:
        raise Refused(refused(outcome, "capture", call.account, "amount_to_capture"))
    if "metadata" in call.params or _details(call.params):
        told = _do(call, UpdatePayment(payment.id, details=_changed(payment.details, call.params)))
        outcome = changed(outcome, payment=told.payment)
    return _done(call, outcome, "capture")


def cancel(call: Call) -> Done:
    """Cancel an intent; a hold is released."""
    payment = need(call)
    if payment.details.get("checkout_session"):
        what = "This PaymentIntent belongs to a Checkout Session; expire the session instead."
        raise Refused(replace(invalid(what), refusal="wrong_state", is_stored=True))
    outcome = _do(call, VoidPayment(payment.id, call.params.get("cancellation_reason")))
    if outcome.refusal is None:
        shelf(call.account).ended_s[payment.id] = call.now_s()
    return _done(call, outcome, "void")


def update(call: Call) -> Done:
    """Change an intent; amount, currency and method only until it is confirmed."""
    payment, params = need(call), call.params
    _same_capture(call, payment)
    check_customer(call)
    currency = currency_of(params["currency"]) if params.get("currency") else None
    amount = params.get("amount")
    minor = None if amount is None else charged(amount, currency or payment.currency)
    owner = params.get("customer") or payment.details.get("customer")
    method = _method(call, owner, currency or payment.currency)
    details = {**_changed(payment.details, params), **_parts(params, payment)}
    if method is not None:
        details["fresh_method"] = method
    command = UpdatePayment(
        payment.id,
        amount_minor=minor,
        currency=currency,
        method=method,
        # A reference that was given before is not forgotten for a new description.
        order_ref=" ".join([*filter(None, [payment.order_ref]), *hints(params)]) or None,
        details=details,
    )
    return _done(call, _do(call, command), "update")


def retrieve(call: Call) -> Done:
    """Show an intent."""
    payment = need(call)
    return Done(payment_intent_object(payment, call.account), payment)


def listing(call: Call) -> Done:
    """List intents, newest first."""
    customer = call.params.get("customer")
    rows = page_of(
        call,
        call.account.book.payments(),
        lambda one: one.id,
        lambda one: one.created_ms // 1000,
        lambda one: customer is None or one.details.get("customer") == customer,
    )
    return Done(rows.show([payment_intent_object(payment, call.account) for payment in rows.items]))


def need(call: Call) -> Payment:
    """Give the intent that the path names, and its secret where that is given too; raises Refused."""
    wanted = call.ask.id
    payment: Payment | None = call.account.book.payment(wanted)
    secret = call.params.get("client_secret")
    if payment is None or (secret is not None and secret != payment.details.get("client_secret")):
        raise Refused(no_such("payment_intent", wanted, "intent"))
    return payment


def check_customer(call: Call) -> None:
    """Refuse a customer whom the account does not have any more."""
    wanted = call.params.get("customer")
    if wanted is None:
        return
    known = shelf(call.account).customers.get(wanted)
    if known is None or known.get("deleted"):
        raise Refused(no_such("customer", wanted, "customer", status=400))


def _do(call: Call, command: object) -> Outcome:
    outcome: Outcome = call.account.book.do(command, call.account.cause)
    return outcome


def _done(call: Call, outcome: Outcome, what: str) -> Done:
    if outcome.refusal is not None:
        raise Refused(refused(outcome, what, call.account))
    payment = outcome.payment
    assert payment is not None, "what was done was done to a payment"
    if "setup_future_usage" in payment.details:
        keep_for_later(payment, call.account)
    return Done(payment_intent_object(payment, call.account), payment, is_applied=outcome.is_applied)


def _method(call: Call, customer: str | None, currency: str) -> str | None:
    params = call.params
    chosen, data = params.get("payment_method"), params.get("payment_method_data")
    if chosen is not None:
        method = methods.take(chosen, call.account)
        if method.customer is not None:
            check_owner(method, customer)
    elif data:
        method = methods.from_data(data, call.account)
    else:
        return None
    if method.type == SEPA and currency != "EUR":
        what = f"The payment method is one in euro, and this PaymentIntent is one in {currency.lower()}."
        raise Refused(invalid(what, "payment_method", "payment_method_currency_mismatch"))
    return method.id


def _details(params: Mapping[str, Any]) -> dict[str, Any]:
    details = {}
    for name in params:
        if name in _ANY_REMEMBERED:
            details[name] = params[name]
    return details


def _parts(params: Mapping[str, Any], payment: Payment) -> dict[str, Any]:
    """Give what the amount is made of, where the request says it anew."""
    if "amount_details" not in params:
        return {}
    amount = params.get("amount") or to_wire(payment.amount_minor, payment.currency)
    return {"amount_details": checked(params["amount_details"], amount)}


def _confirmed(payment: Payment, params: Mapping[str, Any], *, is_alone: bool) -> dict[str, Any] | None:
    """Give the details of a payment that is being confirmed, where they are others than before."""
    old = payment.details
    if (
        "fresh_method" not in old
        and old.get(methods.OFF_SESSION) is is_alone
        and _ANY_REMEMBERED.isdisjoint(params)
        and "amount_details" not in params
    ):
        return None
    details = {**old, **_details(params), **_parts(params, payment)}
    details.pop("fresh_method", None)
    details[methods.OFF_SESSION] = is_alone
    return details if details != old else None


def _changed(old: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    details = {**old, **_details(params)}
    if "metadata" in params:
        details["metadata"] = merged(old.get("metadata") or {}, params["metadata"])
    return details


def _given_up(call: Call, payment: Payment) -> Problem:
    """Cancel an intent that was confirmed in vain too often, and refuse to confirm it."""
    outcome = _do(call, VoidPayment(payment.id, "automatic"))
    assert outcome.payment is not None, "an intent that can be confirmed can be cancelled"
    shelf(call.account).ended_s[payment.id] = call.now_s()
    return replace(wrong_state(outcome.payment, "charge", call.account), is_applied=True)


def _check_unconfirmed(params: Mapping[str, Any]) -> None:
    # Saying no is no use of it: SDKs send what their callers leave at false.
    early = next((name for name in _WITH_CONFIRM if params.get(name) not in (None, False, "false")), None)
    if early is not None:
        what = f"The parameter {early} goes with a PaymentIntent that is confirmed at once (confirm=true)."
        raise Refused(invalid(what, early))


def _same_capture(call: Call, payment: Payment) -> None:
    asked, of_cards = call.params.get("capture_method"), methods.card_capture(call.params)
    is_manual = payment.capture is Capture.MANUAL
    if (asked and (asked == "manual") != is_manual) or (of_cards and not is_manual):
        what = "This simulator takes capture_method only when a PaymentIntent is created."
        path = "capture_method" if asked else "payment_method_options[card][capture_method]"
        raise Refused(invalid(what, path))

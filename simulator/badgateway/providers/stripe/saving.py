"""Payment methods that are kept for later: whose they are, and what their issuer was asked once."""

from __future__ import annotations

from badgateway.ground.records import changed
from badgateway.payments.model import Payment, Status
from badgateway.providers.base import Account
from badgateway.providers.stripe.errors import Refused, invalid
from badgateway.providers.stripe.news import note
from badgateway.providers.stripe.shelf import Method, shelf
from badgateway.providers.stripe.shopper_objects import payment_method_object

_PAID = {Status.AUTHORIZED, Status.SUCCEEDED, Status.PENDING}


def give_to(method: Method, customer: str | None, account: Account) -> Method:
    """Put a payment method back as one of a customer, or of nobody, and tell of it where that is new."""
    kept = shelf(account).methods[method.id] = changed(method, customer=customer)
    if customer is not None and method.customer is None:
        note("payment_method.attached", payment_method_object(kept), account)
    if customer is None and method.customer is not None:
        note(
            "payment_method.detached",
            payment_method_object(kept),
            account,
            before={"customer": method.customer},
        )
    return kept


def set_up(method: Method, customer: str | None, account: Account, *, is_off_session: bool) -> Method:
    """Remember that the issuer has agreed to later payments, and give the method to its customer."""
    ready = changed(method, is_set_up=method.is_set_up or is_off_session)
    shelf(account).methods[method.id] = ready
    return give_to(ready, customer, account) if customer is not None and ready.customer is None else ready


def keep_for_later(payment: Payment, account: Account) -> None:
    """Save the method of a payment that went through, where `setup_future_usage` has asked for it."""
    usage = payment.details.get("setup_future_usage")
    if usage is None:
        return
    customer = payment.details.get("customer")
    if customer is None or payment.status not in _PAID:
        return
    method = shelf(account).methods.get(payment.method or "")
    if method is None:
        return
    if method.customer is None or not method.is_set_up:
        set_up(method, customer, account, is_off_session=usage == "off_session")


def check_owner(method: Method, customer: str | None) -> None:
    """Refuse a customer's payment method where another customer, or none, is named."""
    if method.customer in {None, customer}:
        return
    what = (
        "The payment method belongs to another customer."
        if customer is not None
        else "The payment method belongs to a customer; name that customer in `customer` to use it."
    )
    raise Refused(invalid(what, "payment_method"))

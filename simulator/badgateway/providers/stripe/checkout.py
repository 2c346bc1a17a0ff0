"""What a shopper does on the hosted pages: pay, fail, go through a challenge; and what comes of a session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.ground.records import changed
from badgateway.payments.commands import Authenticate, ChargePayment, CreatePayment
from badgateway.payments.model import Capture, Outcome, Payment, Status
from badgateway.providers.base import Account
from badgateway.providers.stripe.amounts import charged
from badgateway.providers.stripe.news import note
from badgateway.providers.stripe.params import merged
from badgateway.providers.stripe.saving import keep_for_later
from badgateway.providers.stripe.session_object import payment_status, session_object
from badgateway.providers.stripe.setups import authenticate, begin
from badgateway.providers.stripe.shelf import Method, Session, Setup, shelf
from badgateway.providers.stripe.shopper_objects import customer_object

SESSION = "checkout_session"  # among the details of a payment: the session that owns it
_PASSED_ON = (
    "description receipt_email setup_future_usage shipping statement_descriptor "
    "statement_descriptor_suffix transfer_group"
)
_GOOD = {Status.AUTHORIZED, Status.SUCCEEDED, Status.PENDING}


def pay(session: Session, method: Method, name: str | None, email: str | None, account: Account) -> Session:
    """Let the shopper pay with a method; what the issuer says is seen in the payment afterwards."""
    given = {"given_name": name, "given_email": email or session.details.get("customer_email")}
    session = _keep(changed(session, details={**session.details, **given}), account)
    if session.mode == "setup":
        return _set_up(session, method, account)
    known: Payment | None = account.book.payment(session.payment_id) if session.payment_id else None
    if known is None:
        session = _bought(session, method, account)
    elif known.status in {Status.NEW, Status.ACTION}:
        account.book.do(ChargePayment(known.id, method=method.id), account.cause)
    return settle(session, account)


def authenticate_payment(payment: Payment, account: Account, *, is_passed: bool) -> Payment:
    """End the challenge of a payment as the shopper does it; one that is over is left as it is."""
    account.book.do(Authenticate(payment.id, is_passed), account.cause)
    now: Payment = account.book.payment(payment.id)
    keep_for_later(now, account)
    session = shelf(account).sessions.get(str(now.details.get(SESSION)))
    if session is not None:
        settle(session, account)
    return now


def authenticate_setup(setup: Setup, account: Account, *, is_passed: bool) -> Setup:
    """End the challenge of a setup in the same way."""
    now = authenticate(setup, account, is_passed=is_passed)
    session = shelf(account).sessions.get(str(now.details.get(SESSION)))
    if session is not None:
        settle(session, account)
    return now


def settle(session: Session, account: Account) -> Session:
    """Complete a session whose payment or setup went through, and tell of it."""
    if session.status != "open" or not _is_through(session, account):
        return session
    done = changed(session, status="complete")
    if done.mode == "payment" and done.customer is None:
        done = _with_customer(done, account)
    _keep(done, account)
    _tell("completed", done, account)
    return done


def follow(payment: Payment, account: Account) -> None:
    """Tell what became of a session whose payment was still pending when it was completed."""
    session = shelf(account).sessions.get(str(payment.details.get(SESSION)))
    if session is None or session.status != "complete" or session.is_told:
        return
    kept = _keep(changed(session, is_told=True), account)
    is_paid = payment.status is not Status.NEW
    _tell("async_payment_succeeded" if is_paid else "async_payment_failed", kept, account)


def _bought(session: Session, method: Method, account: Account) -> Session:
    data: Mapping[str, Any] = session.details.get("payment_intent_data") or {}
    payment_id = f"pi_3{account.ids.make('payment intent', 23)}"
    currency = str(session.currency).upper()
    total = sum(line["unit_amount"] * line["quantity"] for line in session.lines)
    asked = data.get("capture_method") or "automatic_async"
    session = _keep(changed(session, payment_id=payment_id), account)
    outcome: Outcome = account.book.do(
        CreatePayment(
            id=payment_id,
            amount_minor=charged(total, currency),
            currency=currency,
            capture=Capture.MANUAL if asked == "manual" else Capture.AUTOMATIC,
            order_ref=session.order_ref,
            method=method.id,
            charge=True,
            details={
                **{name: data[name] for name in _PASSED_ON.split() if data.get(name)},
                SESSION: session.id,
                "customer": session.customer,
                "metadata": merged({}, data.get("metadata") or {}),
                "capture_method": asked,
                "payment_method_types": session.details.get("payment_method_types") or ["card"],
                "client_secret": f"{payment_id}_secret_{account.ids.make('client secret', 25)}",
            },
        ),
        account.cause,
    )
    assert outcome.payment is not None, "the amount was checked when the session was made"
    return session


def _set_up(session: Session, method: Method, account: Account) -> Session:
    known = shelf(account).setups.get(session.setup_id or "")
    data: Mapping[str, Any] = session.details.get("setup_intent_data") or {}
    details = {
        SESSION: session.id,
        "customer": session.customer,
        "description": data.get("description"),
        "metadata": merged({}, data.get("metadata") or {}),
        "payment_method_types": session.details.get("payment_method_types") or ["card"],
    }
    setup = begin(known, method, details, account)
    return settle(_keep(changed(session, setup_id=setup.id), account), account)


def _is_through(session: Session, account: Account) -> bool:
    if session.mode == "setup":
        setup = shelf(account).setups.get(session.setup_id or "")
        return setup is not None and setup.status == "succeeded"
    payment: Payment | None = account.book.payment(session.payment_id) if session.payment_id else None
    return payment is not None and payment.status in _GOOD


def _with_customer(session: Session, account: Account) -> Session:
    if session.details.get("customer_creation") != "always":
        return session
    made = {
        "id": f"cus_{account.ids.make('customer', 14)}",
        "created": account.clock.now_s(),
        "email": session.details.get("given_email"),
        "name": session.details.get("given_name"),
        "metadata": {},
    }
    shelf(account).customers[made["id"]] = made
    note("customer.created", customer_object(made), account)
    return changed(session, customer=made["id"])


def _tell(what: str, session: Session, account: Account) -> None:
    payment: Payment | None = account.book.payment(session.payment_id) if session.payment_id else None
    note(
        f"checkout.session.{what}",
        session_object(session, account),
        account,
        payment=payment,
        order_ref=session.order_ref,
    )
    if what == "completed" and payment_status(session, account) != "unpaid":
        _keep(changed(session, is_told=True), account)


def _keep(session: Session, account: Account) -> Session:
    shelf(account).sessions[session.id] = session
    return session

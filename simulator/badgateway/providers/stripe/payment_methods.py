"""Payment methods: create, retrieve, update, attach, detach, list."""

from __future__ import annotations

from badgateway.ground.records import changed
from badgateway.providers.base import Account
from badgateway.providers.stripe import methods
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.cards import BY_TOKEN
from badgateway.providers.stripe.errors import Refused, invalid, no_such
from badgateway.providers.stripe.lists import page
from badgateway.providers.stripe.news import note
from badgateway.providers.stripe.params import merged
from badgateway.providers.stripe.render import changes
from badgateway.providers.stripe.saving import give_to
from badgateway.providers.stripe.shelf import Method, shelf
from badgateway.providers.stripe.shopper_objects import payment_method_object


def create(call: Call) -> Done:
    """Make a payment method out of a test card's token or number."""
    made = methods.from_data(call.params, call.account, "")
    made = _keep(changed(made, metadata=merged({}, call.params.get("metadata"))), call.account)
    return Done(payment_method_object(made), is_applied=True)


def retrieve(call: Call) -> Done:
    """Show a payment method."""
    return Done(payment_method_object(_need(call)))


def update(call: Call) -> Done:
    """Change billing details, metadata and how long a card is good."""
    method = _need(call)
    before = payment_method_object(method)
    if "metadata" in call.params:
        method = changed(method, metadata=merged(method.metadata, call.params["metadata"]))
    if call.params.get("billing_details"):
        method = changed(method, billing={**method.billing, **call.params["billing_details"]})
    if call.params.get("card"):
        known = {"exp_month": str(method.exp_month), "exp_year": str(method.exp_year)}
        month, year = methods.expiry({**known, **call.params["card"]}, call.account)
        method = changed(method, exp_month=month, exp_year=year)
    shown = payment_method_object(_keep(method, call.account))
    if shown != before:
        note("payment_method.updated", shown, call.account, before=changes(before, shown))
    return Done(shown, is_applied=True)


def attach(call: Call) -> Done:
    """Give a payment method to a customer."""
    method, customer = _need(call), call.params["customer"]
    known = shelf(call.account).customers.get(customer)
    if known is None or known.get("deleted"):
        raise Refused(no_such("customer", customer, "customer"))
    if method.customer not in {None, customer}:
        raise Refused(invalid("The payment method is attached to another customer already.", "customer"))
    return Done(payment_method_object(give_to(method, customer, call.account)), is_applied=True)


def detach(call: Call) -> Done:
    """Take a payment method away from its customer."""
    method = _need(call)
    if method.customer is None:
        raise Refused(invalid("The payment method is not attached to a customer.", "payment_method"))
    return Done(payment_method_object(give_to(method, None, call.account)), is_applied=True)


def listing(call: Call) -> Done:
    """List the payment methods that belong to a customer."""
    return shown_page(call, call.params.get("customer"))


def shown_page(call: Call, customer: str | None) -> Done:
    """Show a page of the payment methods of one customer, or of all."""
    kind = call.params.get("type")
    found = [
        method
        for method in reversed(shelf(call.account).methods.values())
        if method.customer is not None and customer in {None, method.customer} and kind in {None, method.type}
    ]
    rows = page(call, found, lambda one: one.id, lambda one: one.created_s)
    return Done(rows.show([payment_method_object(method) for method in rows.items]))


def _need(call: Call) -> Method:
    if call.id in BY_TOKEN:
        return methods.take(call.id, call.account)
    found: Method | None = shelf(call.account).methods.get(call.id)
    if found is None:
        raise Refused(no_such("PaymentMethod", call.id, "payment_method"))
    return found


def _keep(method: Method, account: Account) -> Method:
    shelf(account).methods[method.id] = method
    return method

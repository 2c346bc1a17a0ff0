"""Customers: create, retrieve, update, delete, list, and their payment methods."""

from __future__ import annotations

from typing import Any

from badgateway.providers.stripe import methods
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Refused, no_such
from badgateway.providers.stripe.lists import page
from badgateway.providers.stripe.news import note
from badgateway.providers.stripe.params import merged
from badgateway.providers.stripe.payment_methods import shown_page
from badgateway.providers.stripe.render import changes
from badgateway.providers.stripe.saving import give_to
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.shopper_objects import customer_object

_NOT_KEPT = {"expand", "payment_method", "metadata"}


def create(call: Call) -> Done:
    """Make a customer, with a payment method where one is named."""
    chosen = call.params.get("payment_method")
    method = methods.take(chosen, call.account) if chosen is not None else None
    made = {
        **_given(call),
        "id": f"cus_{call.account.ids.make('customer', 14)}",
        "created": call.now_s(),
        "invoice_prefix": call.account.ids.make("invoice prefix", 8).upper(),
        "metadata": merged({}, call.params.get("metadata")),
    }
    shelf(call.account).customers[made["id"]] = made
    note("customer.created", customer_object(made), call.account)
    if method is not None:
        give_to(method, made["id"], call.account)
    return Done(customer_object(made), is_applied=True)


def retrieve(call: Call) -> Done:
    """Show a customer; of a deleted one that it is deleted."""
    record = _need(call)
    return Done(record if record.get("deleted") else customer_object(record))


def update(call: Call) -> Done:
    """Change a customer."""
    record = _need(call)
    if record.get("deleted"):
        raise Refused(no_such("customer", call.id))
    before = customer_object(record)
    record.update(_given(call))
    if "metadata" in call.params:
        record["metadata"] = merged(record["metadata"], call.params["metadata"])
    after = customer_object(record)
    note("customer.updated", after, call.account, before=changes(before, after))
    return Done(customer_object(record), is_applied=True)


def delete(call: Call) -> Done:
    """Delete a customer, whose payment methods then belong to nobody."""
    record = _need(call)
    if record.get("deleted"):
        raise Refused(no_such("customer", call.id))
    note("customer.deleted", customer_object(record), call.account)
    gone = {"id": call.id, "object": "customer", "deleted": True}
    shelf(call.account).customers[call.id] = gone
    for method in list(shelf(call.account).methods.values()):
        if method.customer == call.id:
            give_to(method, None, call.account)
    return Done(gone, is_applied=True)


def listing(call: Call) -> Done:
    """List customers, newest first, without deleted ones."""
    email = call.params.get("email")
    found = [
        record
        for record in reversed(shelf(call.account).customers.values())
        if not record.get("deleted") and email in {None, record.get("email")}
    ]
    rows = page(call, found, lambda one: str(one["id"]), lambda one: int(one["created"]))
    return Done(rows.show([customer_object(record) for record in rows.items]))


def payment_methods(call: Call) -> Done:
    """List the payment methods of a customer."""
    _need(call)
    return shown_page(call, call.id)


def _given(call: Call) -> dict[str, Any]:
    return {name: value for name, value in call.params.items() if name not in _NOT_KEPT}


def _need(call: Call) -> dict[str, Any]:
    found = shelf(call.account).customers.get(call.id)
    if found is None:
        raise Refused(no_such("customer", call.id))
    return found

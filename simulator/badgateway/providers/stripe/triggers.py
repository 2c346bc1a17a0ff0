"""What brings each event about: the requests of a shop and its shopper, for `badgateway trigger`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; {0}, {1} ... in path and form stand for the ids of earlier answers, of a list's first."""

    path: str
    form: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


_PI, _SETI, _RE, _CUS = "/v1/payment_intents", "/v1/setup_intents", "/v1/refunds", "/v1/customers"
_CS, _PM, _PAGE = "/v1/checkout/sessions", "/v1/payment_methods", "/3d_secure_2/hosted"
_DU, _HELP = "/v1/disputes", "/v1/test_helpers"
_BOUGHT = {
    "amount": "2000",
    "currency": "usd",
    "description": "(created by badgateway trigger)",
    "payment_method": "pm_card_visa",
    "confirm": "true",
}
_INCREMENTABLE = {"payment_method_options[card][request_incremental_authorization]": "if_available"}
_SET_UP = {"payment_method": "pm_card_visa", "confirm": "true"}
_SESSION = {
    "mode": "payment",
    "success_url": "https://shop.example/success",
    "line_items[0][price_data][currency]": "usd",
    "line_items[0][price_data][unit_amount]": "1500",
    "line_items[0][price_data][product_data][name]": "a simulated product",
    "line_items[0][quantity]": "2",
}
_TYPED = {
    "email": "shopper@example.com",
    "card[number]": "4242424242424242",
    "card[expiry]": "12 / 34",
    "card[cvc]": "123",
}


def _bought(card: str = "pm_card_visa", **more: str) -> Ask:
    return Ask(_PI, {**_BOUGHT, "payment_method": card, **more})


def _set_up(card: str = "pm_card_visa", **more: str) -> Ask:
    return Ask(_SETI, {**_SET_UP, "payment_method": card, **more})


_HELD = _bought(capture_method="manual")
_CHALLENGED, _DECLINED = "pm_card_authenticationRequired", "pm_card_chargeDeclined"
_DEBIT = _bought("pm_usBankAccount_success")
_CUSTOMER = Ask(_CUS, {"description": "(created by badgateway trigger)"})
_REFUNDED = (_bought(), Ask(_RE, {"payment_intent": "{0}"}))
# A dispute has no other way to be found than by its payment.
_DISPUTED = (_bought("pm_card_createDispute"), Ask(f"{_DU}?payment_intent={{0}}", method="GET"))
_ANSWERED = Ask(f"{_DU}/{{1}}", {"evidence[uncategorized_text]": "winning_evidence"})
_PAID_OUT = (_bought(), Ask(f"{_HELP}/payouts"))
_ATTACHED = (_CUSTOMER, Ask(f"{_PM}/pm_card_visa/attach", {"customer": "{0}"}))

_BY_DEBIT = (
    Ask(_CS, {**_SESSION, "payment_method_types[0]": "us_bank_account"}),
    Ask("/c/pay/{0}", {"email": "shopper@example.com", "method": "us_bank_account"}),
    Ask(f"{_PI}?limit=1", method="GET"),
)
_CLEARED = f"{_HELP}/payment_intents/{{2}}/clear"

TRIGGERS: Mapping[str, tuple[Ask, ...]] = MappingProxyType(
    {
        "charge.captured": (_HELD, Ask(f"{_PI}/{{0}}/capture")),
        "charge.dispute.closed": (*_DISPUTED, Ask(f"{_DU}/{{1}}/close")),
        "charge.dispute.created": _DISPUTED,
        "charge.dispute.funds_reinstated": (*_DISPUTED, _ANSWERED),
        "charge.dispute.funds_withdrawn": _DISPUTED,
        "charge.dispute.updated": (*_DISPUTED, Ask(f"{_DU}/{{1}}", {"metadata[order]": "6735"})),
        "charge.expired": (_HELD, Ask(f"{_HELP}/payment_intents/{{0}}/expire")),
        "charge.failed": (_bought(_DECLINED),),
        "charge.pending": (_DEBIT,),
        "charge.refunded": _REFUNDED,
        "charge.succeeded": (_bought(),),
        "charge.updated": (
            Ask(_PI, {**_HELD.form, **_INCREMENTABLE}),
            Ask(f"{_PI}/{{0}}/increment_authorization", {"amount": "2500"}),
        ),
        "checkout.session.async_payment_failed": (*_BY_DEBIT, Ask(_CLEARED, {"paid": "false"})),
        "checkout.session.async_payment_succeeded": (*_BY_DEBIT, Ask(_CLEARED)),
        "checkout.session.completed": (Ask(_CS, _SESSION), Ask("/c/pay/{0}", _TYPED)),
        "checkout.session.expired": (Ask(_CS, _SESSION), Ask(f"{_CS}/{{0}}/expire")),
        "customer.created": (_CUSTOMER,),
        "customer.deleted": (_CUSTOMER, Ask(f"{_CUS}/{{0}}", method="DELETE")),
        "customer.updated": (_CUSTOMER, Ask(f"{_CUS}/{{0}}", {"name": "A Shopper"})),
        "payment_intent.amount_capturable_updated": (_HELD,),
        "payment_intent.canceled": (_HELD, Ask(f"{_PI}/{{0}}/cancel")),
        "payment_intent.created": (Ask(_PI, {"amount": "2000", "currency": "usd"}),),
        "payment_intent.payment_failed": (_bought(_DECLINED),),
        "payment_intent.processing": (_DEBIT,),
        "payment_intent.requires_action": (_bought(_CHALLENGED),),
        "payment_intent.succeeded": (_bought(),),
        "payment_method.attached": _ATTACHED,
        "payment_method.detached": (*_ATTACHED, Ask(f"{_PM}/{{1}}/detach")),
        "payment_method.updated": (
            *_ATTACHED,
            Ask(f"{_PM}/{{1}}", {"billing_details[name]": "A Shopper"}),
        ),
        "payout.created": _PAID_OUT,
        "payout.paid": _PAID_OUT,
        "payout.reconciliation_completed": _PAID_OUT,
        "refund.created": _REFUNDED,
        "refund.failed": (*_REFUNDED, Ask(f"{_HELP}/refunds/{{1}}/fail")),
        "refund.updated": _REFUNDED,
        "charge.refund.updated": _REFUNDED,
        "setup_intent.canceled": (Ask(_SETI), Ask(f"{_SETI}/{{0}}/cancel")),
        "setup_intent.created": (Ask(_SETI),),
        "setup_intent.requires_action": (_set_up(_CHALLENGED),),
        "setup_intent.setup_failed": (
            _set_up(_CHALLENGED),
            Ask(_PAGE, {"setup_intent": "{0}", "result": "fail"}),
        ),
        "setup_intent.succeeded": (_set_up(),),
    }
)

"""Resources of which an account here has none: their lists are empty, and no id is found.

Software that goes through a whole account asks for them all; they cannot be created.
"""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.providers.stripe.call import Call, Done, Route
from badgateway.providers.stripe.errors import Refused, no_such
from badgateway.providers.stripe.shelf import shelf

ANYTHING = "*"  # the shape of an address that passes over what it is asked
# Source: the lists that dj-stripe and Supabase's sync engine go through.
NONE: Mapping[str, str] = {
    "/v1/application_fees": "application_fee",
    "/v1/country_specs": "country_spec",
    "/v1/coupons": "coupon",
    "/v1/credit_notes": "credit_note",
    "/v1/entitlements/features": "feature",
    "/v1/entitlements/active_entitlements": "active_entitlement",
    "/v1/file_links": "file_link",
    "/v1/files": "file",
    "/v1/identity/verification_reports": "verification_report",
    "/v1/identity/verification_sessions": "verification_session",
    "/v1/invoice_payments": "invoice_payment",
    "/v1/invoiceitems": "invoiceitem",
    "/v1/invoices": "invoice",
    "/v1/issuing/authorizations": "issuing_authorization",
    "/v1/issuing/cardholders": "issuing_cardholder",
    "/v1/issuing/cards": "issuing_card",
    "/v1/issuing/disputes": "issuing_dispute",
    "/v1/issuing/transactions": "issuing_transaction",
    "/v1/payment_links": "payment_link",
    "/v1/plans": "plan",
    "/v1/prices": "price",
    "/v1/products": "product",
    "/v1/promotion_codes": "promotion_code",
    "/v1/quotes": "quote",
    "/v1/radar/early_fraud_warnings": "early_fraud_warning",
    "/v1/reviews": "review",
    "/v1/shipping_rates": "shipping_rate",
    "/v1/subscription_items": "subscription_item",
    "/v1/subscription_schedules": "subscription_schedule",
    "/v1/subscriptions": "subscription",
    "/v1/tax_codes": "tax_code",
    "/v1/tax_ids": "tax_id",
    "/v1/tax_rates": "tax_rate",
    "/v1/topups": "topup",
    "/v1/transfers": "transfer",
    "/v2/core/accounts": "v2.core.account",
}

OF_CUSTOMERS = frozenset({"balance_transactions", "sources", "subscriptions", "tax_ids"})


def find_nothing(method: str, path: str) -> tuple[Route | None, str]:
    """Give the route of such a list or object, and the id in it; (None, "") for all other addresses."""
    head, _, last = path.rpartition("/")
    if method == "GET" and path in NONE:
        return Route("GET", path, listing, ANYTHING), ""
    if method == "GET" and head.startswith("/v1/customers/") and last in OF_CUSTOMERS:
        return Route("GET", f"/v1/customers/{{id}}/{last}", of_customer, ANYTHING), head.split("/")[3]
    if method == "GET" and head in NONE:
        return Route("GET", f"{head}/{{id}}", missing, ANYTHING), last
    return None, ""


def listing(call: Call) -> Done:
    """List nothing."""
    if call.ask.path.startswith("/v2/"):
        return Done({"data": [], "next_page_url": None, "previous_page_url": None})
    return Done({"object": "list", "data": [], "has_more": False, "url": call.ask.path.rstrip("/")})


def of_customer(call: Call) -> Done:
    """List nothing of a customer whom there is."""
    if call.id not in shelf(call.account).customers:
        raise Refused(no_such("customer", call.id))
    return listing(call)


def missing(call: Call) -> Done:
    """Refuse an id, as no object was ever made."""
    raise Refused(no_such(NONE[call.ask.path.rpartition("/")[0]].replace("_", " "), call.id))

"""The checkout session as Stripe shows it, and its lines."""

from __future__ import annotations

from typing import Any

from badgateway.payments.model import Payment, Status
from badgateway.providers.base import Account
from badgateway.providers.stripe.shelf import Session, shelf

_FIELDS = (
    "id object adaptive_pricing after_expiration allow_promotion_codes allowed_payment_method_types "
    "amount_subtotal amount_total automatic_tax billing_address_collection branding_settings cancel_url "
    "client_reference_id client_secret collected_information consent consent_collection created currency "
    "currency_conversion custom_fields custom_text customer customer_account customer_creation "
    "customer_details customer_email discounts excluded_payment_method_types expires_at "
    "integration_identifier invoice invoice_creation livemode locale managed_payments metadata mode "
    "name_collection optional_items origin_context payment_intent payment_link payment_method_collection "
    "payment_method_configuration_details payment_method_options payment_method_types payment_status "
    "permissions phone_number_collection presentment_details recovered_from redirect_on_completion "
    "return_url saved_payment_method_options setup_intent shipping_address_collection shipping_cost "
    "shipping_options status submit_type subscription success_url tax_id_collection total_details ui_mode "
    "url wallet_options"
)
# Fields that come back as they were given.
ECHOED = (
    "allow_promotion_codes billing_address_collection cancel_url client_reference_id customer_creation "
    "customer_email locale origin_context submit_type success_url"
)
_TEXTS = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")


def session_object(session: Session, account: Account) -> dict[str, Any]:
    """Show a session; its lines are there only where they are expanded."""
    total = sum(line["unit_amount"] * line["quantity"] for line in session.lines)
    is_payment = session.mode == "payment"
    shown: dict[str, Any] = dict.fromkeys(_FIELDS.split())
    shown.update({name: session.details.get(name) for name in ECHOED.split()})
    shown.update(
        id=session.id,
        object="checkout.session",
        adaptive_pricing={"enabled": False},
        amount_subtotal=total if is_payment else None,
        amount_total=total if is_payment else None,
        automatic_tax={"enabled": False, "liability": None, "provider": None, "status": None},
        created=session.created_s,
        currency=session.currency,
        custom_fields=[],
        custom_text=dict.fromkeys(_TEXTS),
        customer=session.customer,
        customer_creation=session.details.get("customer_creation")
        or ("if_required" if is_payment and session.customer is None else None),
        customer_details=_customer_details(session),
        expires_at=session.expires_s,
        invoice_creation=_invoice() if is_payment else None,
        livemode=False,
        metadata=dict(session.details.get("metadata") or {}),
        mode=session.mode,
        payment_intent=session.payment_id,
        payment_method_collection="always" if is_payment else "if_required",
        payment_method_options=session.details.get("payment_method_options") or {},
        payment_method_types=list(session.details.get("payment_method_types") or ["card"]),
        payment_status=payment_status(session, account),
        phone_number_collection={"enabled": False},
        setup_intent=session.setup_id,
        shipping_options=[],
        status=session.status,
        tax_id_collection={"enabled": False, "required": "never"},
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0} if is_payment else None,
        ui_mode=session.details.get("ui_mode") or "hosted_page",
        url=page_url(session, account) if session.status == "open" else None,
    )
    return shown


def lines_object(session: Session) -> list[dict[str, Any]]:
    """Show the lines of a session."""
    return [
        {
            "id": line["id"],
            "object": "item",
            "adjustable_quantity": None,
            "amount_discount": 0,
            "amount_subtotal": line["unit_amount"] * line["quantity"],
            "amount_tax": 0,
            "amount_total": line["unit_amount"] * line["quantity"],
            "currency": session.currency,
            "description": line["name"],
            "metadata": {},
            "price": _price(line, session),
            "quantity": line["quantity"],
        }
        for line in session.lines
    ]


def payment_status(session: Session, account: Account) -> str:
    """Say whether a session is paid for."""
    if session.mode == "setup":
        return "no_payment_required"
    payment: Payment | None = account.book.payment(session.payment_id) if session.payment_id else None
    # A hold counts as paid: what is captured of it is the merchant's business.
    is_paid = payment is not None and payment.status in {Status.AUTHORIZED, Status.SUCCEEDED}
    return "paid" if is_paid and session.status == "complete" else "unpaid"


def page_url(session: Session, account: Account) -> str:
    """Give where the shopper pays."""
    home = shelf(account).home
    return f"{'https://checkout.stripe.com' if home.endswith('stripe.com') else home}/c/pay/{session.id}"


def _customer_details(session: Session) -> dict[str, Any] | None:
    email = session.details.get("given_email") or session.details.get("customer_email")
    if email is None and session.status != "complete":
        return None
    return {
        "address": None,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": session.details.get("given_name"),
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def _invoice() -> dict[str, Any]:
    fields = "account_tax_ids custom_fields description footer issuer metadata rendering_options"
    return {"enabled": False, "invoice_data": {**dict.fromkeys(fields.split()), "metadata": {}}}


def _price(line: dict[str, Any], session: Session) -> dict[str, Any]:
    return {
        "id": f"price_1{line['id'][3:]}",
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": session.created_s,
        "currency": session.currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": line["product"],
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": line["unit_amount"],
        "unit_amount_decimal": str(line["unit_amount"]),
    }

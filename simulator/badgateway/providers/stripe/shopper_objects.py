"""Customers and payment methods as Stripe shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.providers.stripe.shelf import Method

_METHOD_FIELDS = (
    "id object allow_redisplay billing_details created customer customer_account livemode metadata "
    "radar_options type"
)
_CUSTOMER_FIELDS = (
    "id object address balance business_name created currency customer_account default_source "
    "delinquent description discount email individual_name invoice_credit_balance invoice_prefix "
    "invoice_settings livemode metadata name next_invoice_sequence phone preferred_locales shipping "
    "tax_exempt test_clock"
)
_NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
_NO_BILLING = {"address": _NO_ADDRESS, "email": None, "name": None, "phone": None, "tax_id": None}


def billing_details(given: Mapping[str, Any]) -> dict[str, Any]:
    """Show billing details with every field."""
    if not given:
        return _NO_BILLING
    address, get = given.get("address"), given.get
    part = address.get if isinstance(address, dict) else {}.get
    return {
        "address": {
            "city": part("city"),
            "country": part("country"),
            "line1": part("line1"),
            "line2": part("line2"),
            "postal_code": part("postal_code"),
            "state": part("state"),
        },
        "email": get("email"),
        "name": get("name"),
        "phone": get("phone"),
        "tax_id": get("tax_id"),
    }


def payment_method_object(method: Method) -> dict[str, Any]:
    """Show a payment method; of all types only its own is there, as Stripe does it."""
    shown: dict[str, Any] = dict.fromkeys(_METHOD_FIELDS.split())
    shown.update(
        id=method.id,
        object="payment_method",
        allow_redisplay="unspecified",
        billing_details=billing_details(method.billing),
        created=method.created_s,
        customer=method.customer,
        livemode=False,
        metadata=dict(method.metadata),
        radar_options={},
        type=method.type,
    )
    shown[method.type] = _SHOWN[method.type](method)
    return shown


def customer_object(record: Mapping[str, Any]) -> dict[str, Any]:
    """Show a customer."""
    shown: dict[str, Any] = dict.fromkeys(_CUSTOMER_FIELDS.split())
    shown.update(
        object="customer",
        balance=0,
        delinquent=False,
        invoice_settings={
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        livemode=False,
        metadata={},
        next_invoice_sequence=1,
        preferred_locales=[],
        tax_exempt="none",
    )
    shown.update(record)
    return shown


def checks(method: Method, cvc: str) -> dict[str, Any]:
    """Show what the issuer said of address and security code; an address that was not given has no check."""
    line, postal, code = method.checks
    if not method.billing:
        return {
            "address_line1_check": line,
            "address_postal_code_check": postal,
            "cvc_check": code or cvc,
        }
    address = method.billing.get("address")
    given = address if isinstance(address, dict) else {}
    return {
        "address_line1_check": line or ("pass" if given.get("line1") else None),
        "address_postal_code_check": postal or ("pass" if given.get("postal_code") else None),
        "cvc_check": code or cvc,
    }


def _card(method: Method) -> dict[str, Any]:
    return {
        "brand": method.brand,
        "checks": checks(method, "unchecked"),
        "country": "US",
        "description": None,
        "display_brand": method.brand,
        "exp_month": method.exp_month,
        "exp_year": method.exp_year,
        "fingerprint": method.fingerprint,
        "funding": method.funding,
        "generated_from": None,
        "iin": None,
        "issuer": None,
        "last4": method.last4,
        "networks": {"available": [method.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def debited_account(method: Method) -> dict[str, Any]:
    """Show the bank account of a charge."""
    if method.type == "sepa_debit":
        whole = {**_euro_account(method), **dict.fromkeys(("expected_debit_date", "mandate"))}
        del whole["generated_from"]
        return whole
    whole = _bank_account(method)
    kept = ("account_holder_type", "account_type", "bank_name", "fingerprint", "last4", "routing_number")
    empty = ("expected_debit_date", "mandate", "payment_reference")
    return {**{name: whole[name] for name in kept}, **dict.fromkeys(empty)}


def _bank_account(method: Method) -> dict[str, Any]:
    return {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "TEST BANK",
        "financial_connections_account": None,
        "fingerprint": method.fingerprint,
        "last4": method.last4,
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": "110000000",
        "status_details": {},
    }


def _euro_account(method: Method) -> dict[str, Any]:
    return {
        "bank_code": "37040044",
        "branch_code": "",
        "country": method.brand,
        "fingerprint": method.fingerprint,
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": method.last4,
    }


_SHOWN = {"card": _card, "sepa_debit": _euro_account, "us_bank_account": _bank_account}

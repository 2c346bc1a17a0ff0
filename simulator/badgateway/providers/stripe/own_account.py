"""The account itself, which software asks for to know whose key it holds; it has no connected ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from badgateway.providers.base import Account
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Refused, no_such
from badgateway.providers.stripe.lists import page

_PROFILE = (
    "annual_revenue estimated_worker_count mcc minority_owned_business_designation name product_description "
    "support_address support_email support_phone support_url url"
)
_SETTINGS: Mapping[str, Any] = {
    "bacs_debit_payments": {"display_name": None, "service_user_number": None},
    "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
    "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
    "card_payments": {
        "decline_on": {"avs_failure": False, "cvc_failure": False},
        "statement_descriptor_prefix": None,
        "statement_descriptor_prefix_kana": None,
        "statement_descriptor_prefix_kanji": None,
    },
    "dashboard": {"display_name": "badgateway", "timezone": "Etc/UTC"},
    "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": None},
    "payments": {
        "statement_descriptor": "BADGATEWAY",
        "statement_descriptor_kana": None,
        "statement_descriptor_kanji": None,
    },
    "payouts": {
        "debit_negative_balances": True,
        "schedule": {"delay_days": 2, "interval": "daily"},
        "statement_descriptor": None,
    },
    "sepa_debit_payments": {},
}


def retrieve(call: Call) -> Done:
    """Show the account of the key."""
    shown = account_object(call.account)
    if call.id and call.id != shown["id"]:
        raise Refused(no_such("account", call.id))
    return Done(shown)


def listing(call: Call) -> Done:
    """List connected accounts, of which there are none."""
    found: list[dict[str, Any]] = []
    rows = page(call, found, lambda one: str(one["id"]), lambda one: int(one["created"]))
    return Done(rows.show(found))


def account_id(account: Account) -> str:
    """Give the id of an account: the same one as long as it has the same key."""
    return f"acct_1{hashlib.sha256(account.api_key.encode()).hexdigest()[:15]}"


def account_object(account: Account) -> dict[str, Any]:
    """Give the account: one that may do everything that this simulator does."""
    currency = (account.book.settlement.settles_in or "usd").lower()
    return {
        "id": account_id(account),
        "object": "account",
        "business_profile": dict.fromkeys(_PROFILE.split()) | {"name": "badgateway"},
        "business_type": "company",
        "capabilities": {
            "card_payments": "active",
            "sepa_debit_payments": "active",
            "transfers": "active",
            "us_bank_account_ach_payments": "active",
        },
        "charges_enabled": True,
        "controller": {"type": "account"},
        "country": "US",
        "default_currency": currency,
        "details_submitted": True,
        "email": "account@badgateway.example",
        "payouts_enabled": True,
        "settings": deepcopy(_SETTINGS),
        "type": "standard",
    }

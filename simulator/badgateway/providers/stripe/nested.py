"""What stands inside of parameters that are hashes, so that a mistake is refused by its whole path.

Names are those of the document of 2023-08-16 and of stripe-python 16.1.0 together, whatever the address.
"""

from __future__ import annotations

from collections.abc import Mapping

# A name with `!` is required. Inside is a kind, as params.py reads it, or what stands inside of that again.
Tree = Mapping[str, "str | Tree"]

_TYPES = (
    "acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit bancontact billie "
    "bizum blik boleto card_present cashapp crypto customer_balance demo_pay eps fpx giropay grabpay ideal "
    "interac_present kakao_pay klarna konbini kr_card link mb_way mobilepay multibanco naver_pay "
    "nz_bank_account oxxo p24 pay_by_bank payco paynow paypal paypay payto pix promptpay revolut_pay "
    "samsung_pay satispay scalapay sequra sofort sunbit swish twint upi wechat_pay zip"
)


def _of(names: str) -> dict[str, str | Tree]:
    """Read leaves such as `enabled!:boolean footer`; a bare name is text."""
    found: dict[str, str | Tree] = {}
    for word in names.split():
        name, _, kind = word.partition(":")
        found[name] = kind or "text"
    return found


# Of methods that are not simulated any details are taken here; what uses them is refused elsewhere.
_OTHERS: dict[str, str | Tree] = dict.fromkeys(_TYPES.split(), "any")
_ADDRESS = _of("city country line1 line2 postal_code state")
_CARD = _of("cvc exp_month:any exp_year:any networks:any number token")
_BANK_ACCOUNT = _of(
    "account_holder_type:company|individual account_number account_type:checking|savings "
    "financial_connections_account routing_number"
)
_EURO_ACCOUNT = _of("iban!")
_BILLING = {"address": _ADDRESS, **_of("email name phone tax_id")}
_WISH = "if_available|never"
_CARD_OPTIONS = _of(
    "capture_method:manual cvc_token installments:any mandate_options:any moto:boolean network "
    f"request_extended_authorization:{_WISH} request_incremental_authorization:{_WISH} "
    f"request_multicapture:{_WISH} request_overcapture:{_WISH} "
    "request_three_d_secure:any|automatic|challenge require_cvc_recollection:boolean restrictions:any "
    "setup_credential_usage setup_future_usage:none|off_session|on_session "
    "statement_descriptor_suffix_kana statement_descriptor_suffix_kanji stored_credential_usage "
    "three_d_secure:any"
)
_BANK_OPTIONS = _of(
    "financial_connections:any mandate_options:any networks:any preferred_settlement_speed "
    "setup_future_usage target_date transaction_purpose verification_method:automatic|instant|microdeposits"
)

_EURO_OPTIONS = _of("mandate_options:any setup_future_usage:none|off_session|on_session target_date")

# What a line of a Checkout Session is made of; whether it is whole is looked at where it is read.
LINE: Tree = {
    "price_data": {
        "product_data": _of(
            "description images:any metadata:metadata name tax_code tax_details:any unit_label"
        ),
        **_of("currency product recurring:any tax_behavior unit_amount:any unit_amount_decimal:any"),
    },
    **_of("adjustable_quantity:any dynamic_tax_rates:any metadata:metadata price quantity:any tax_rates:any"),
}

TREES: Mapping[str, Tree] = {
    "address": _ADDRESS,
    "automatic_payment_methods": _of("allow_redirects:always|never enabled!:boolean"),
    "billing_details": _BILLING,
    "card": _CARD,
    "fraud_details": _of("user_report!"),
    "invoice_settings": _of("custom_fields:any default_payment_method footer rendering_options:any"),
    "payment_method_data": {
        "billing_details": _BILLING,
        "card": _CARD,
        "sepa_debit": _EURO_ACCOUNT,
        "us_bank_account": _BANK_ACCOUNT,
        **_of("allow_redisplay:always|limited|unspecified metadata:metadata radar_options:any type!"),
        **_OTHERS,
    },
    "payment_method_options": {
        "card": _CARD_OPTIONS,
        "sepa_debit": _EURO_OPTIONS,
        "us_bank_account": _BANK_OPTIONS,
        **_OTHERS,
    },
    "sepa_debit": _EURO_ACCOUNT,
    "shipping": {"address!": _ADDRESS, **_of("carrier name! phone tracking_number")},
    "us_bank_account": _BANK_ACCOUNT,
}

"""Every address that is simulated, with the parameters that it knows."""

from __future__ import annotations

from badgateway.providers.stripe import (
    balances,
    charges,
    customers,
    disputes,
    endpoints,
    event_log,
    increments,
    intents,
    payment_methods,
    refunds,
    search,
    sessions,
    setups,
)
from badgateway.providers.stripe.call import Route
from badgateway.providers.stripe.lists import SHAPE as PAGED

_PI, _RE, _CH = "/v1/payment_intents", "/v1/refunds", "/v1/charges"
_TXN, _PO = "/v1/balance_transactions", "/v1/payouts"
_SETI, _WE = "/v1/setup_intents", "/v1/webhook_endpoints"
_CS = "/v1/checkout/sessions"
_CUS, _PM, _EVT, _DU = "/v1/customers", "/v1/payment_methods", "/v1/events", "/v1/disputes"

# Taken and passed over: nothing here depends on them.
_IGNORED = (
    "allowed_payment_method_types:any amount_details:any application_fee_amount:integer "
    "excluded_payment_method_types:any hooks:any payment_details:any transfer_data:any radar_options:any "
)
_CHOSEN = (
    "payment_method payment_method_data:mapping payment_method_options:mapping receipt_email "
    "setup_future_usage:off_session|on_session shipping:mapping "
    "capture_method:automatic|automatic_async|manual "
)
_CONFIRMED = (
    "confirmation_token error_on_requires_action:boolean mandate mandate_data:any off_session:any "
    "return_url use_stripe_sdk:boolean "
)
_DESCRIBED = (
    "customer customer_account description metadata:metadata statement_descriptor "
    "statement_descriptor_suffix transfer_group payment_method_configuration payment_method_types:list "
)
_CREATE = (
    f"{_IGNORED}{_CHOSEN}{_CONFIRMED}{_DESCRIBED}amount:integer currency automatic_payment_methods:mapping "
    "confirm:boolean confirmation_method:automatic|manual on_behalf_of"
)
_CONFIRM = f"{_IGNORED}{_CHOSEN}{_CONFIRMED}amount_to_confirm:integer"
_UPDATE = f"{_IGNORED}{_CHOSEN}{_DESCRIBED}amount:integer currency"
_CAPTURE = (
    f"{_IGNORED}amount_to_capture:integer final_capture:boolean metadata:metadata "
    "statement_descriptor statement_descriptor_suffix"
)
_CANCEL = "cancellation_reason:abandoned|duplicate|fraudulent|requested_by_customer"
_REFUND = (
    "amount:integer charge currency customer instructions_email metadata:metadata origin payment_intent "
    "reason:duplicate|fraudulent|requested_by_customer refund_application_fee:boolean "
    "reverse_transfer:boolean"
)
_CHARGE = (
    "customer description metadata:metadata receipt_email fraud_details:mapping shipping:mapping "
    "transfer_group"
)
_CUSTOMER = (
    "address:mapping balance:integer business_name cash_balance:any default_source description email "
    "individual_name invoice_prefix invoice_settings:mapping metadata:metadata name "
    "next_invoice_sequence:integer phone preferred_locales:list shipping:mapping source tax:any "
    "tax_exempt:exempt|none|reverse tax_id_data:any test_clock validate:boolean"
)
_METHOD = (
    "type card:mapping us_bank_account:mapping billing_details:mapping metadata:metadata customer "
    "payment_method allow_redisplay:always|limited|unspecified radar_options:any"
)
_METHOD_UPDATE = (
    "billing_details:mapping card:mapping metadata:metadata allow_redisplay us_bank_account:mapping"
)
_LINES = f"{PAGED} currency payout source type"
_ATTACH = "customer customer_account"
_METHODS = f"{PAGED} customer customer_account type allow_redisplay"

_SETUP_IGNORED = (
    "allowed_payment_method_types:any excluded_payment_method_types:any payment_method_configuration "
    "confirmation_token:refused customer_account:refused single_use:any "
)
_SETUP_CHOSEN = "payment_method payment_method_data:mapping payment_method_options:mapping "
_SETUP_DESCRIBED = (
    "attach_to_self:boolean customer description flow_directions:list metadata:metadata "
    "payment_method_types:list "
)
_SETUP_CONFIRM = (
    f"{_SETUP_CHOSEN}allowed_payment_method_types:any confirmation_token:refused mandate_data:any "
    "return_url use_stripe_sdk:boolean"
)
_SETUP = (
    f"{_SETUP_IGNORED}{_SETUP_CHOSEN}{_SETUP_DESCRIBED}automatic_payment_methods:mapping confirm:boolean "
    "mandate_data:any on_behalf_of return_url usage:off_session|on_session use_stripe_sdk:boolean"
)
_SETUP_CANCEL = "cancellation_reason:abandoned|duplicate|requested_by_customer"
_INCREMENT = (
    "amount:integer amount_details:any application_fee_amount:integer description hooks:any "
    "metadata:metadata payment_details:any statement_descriptor transfer_data:any"
)
_DISPUTE = (
    "evidence:mapping intended_submission_method:manual|prefer_manual|prefer_smart_disputes|smart_disputes "
    "metadata:metadata submit:boolean"
)
_SESSION = (
    "adaptive_pricing:any after_expiration:refused allow_promotion_codes:boolean "
    "allowed_payment_method_types:any automatic_tax:refused billing_address_collection:auto|required "
    "branding_settings:any cancel_url client_reference_id consent_collection:refused currency "
    "custom_fields:refused custom_text:any customer customer_account:refused "
    "customer_creation:always|if_required customer_email customer_update:any discounts:refused "
    "excluded_payment_method_types:any expires_at:integer integration_identifier "
    "invoice_creation:refused line_items:any locale managed_payments:refused metadata:metadata "
    "mode:payment|setup name_collection:refused optional_items:refused origin_context:mobile_app|web "
    "payment_intent_data:mapping payment_method_collection:always|if_required "
    "payment_method_configuration payment_method_data:any payment_method_options:mapping "
    "payment_method_types:list permissions:any phone_number_collection:refused "
    "redirect_on_completion:refused return_url:refused saved_payment_method_options:any "
    "setup_intent_data:mapping shipping_address_collection:refused shipping_options:refused "
    "submit_type:auto|book|donate|pay subscription_data:refused success_url tax_id_collection:refused "
    "ui_mode:hosted|hosted_page wallet_options:any"
)
_SESSIONS = (
    f"{PAGED} customer customer_account:refused customer_details:refused payment_intent "
    "payment_link:refused status:complete|expired|open subscription:refused"
)
_ENDPOINT = "description disabled:boolean enabled_events:list metadata:metadata url"
_NEW_ENDPOINT = "api_version connect:boolean description enabled_events:list metadata:metadata url"

ROUTES: tuple[Route, ...] = (
    Route("POST", _PI, intents.create, _CREATE, "create", required=("amount", "currency")),
    Route("GET", _PI, intents.listing, f"{PAGED} customer customer_account", "list"),
    Route("GET", f"{_PI}/{{id}}", intents.retrieve, "client_secret", "fetch"),
    Route("POST", f"{_PI}/{{id}}", intents.update, _UPDATE),
    Route("POST", f"{_PI}/{{id}}/confirm", intents.confirm, _CONFIRM, "charge"),
    Route("POST", f"{_PI}/{{id}}/capture", intents.capture, _CAPTURE, "capture"),
    Route("POST", f"{_PI}/{{id}}/cancel", intents.cancel, _CANCEL, "void"),
    Route(
        "POST",
        f"{_PI}/{{id}}/increment_authorization",
        increments.increment,
        _INCREMENT,
        required=("amount",),
    ),
    Route("GET", f"{_PI}/search", search.intents, search.SHAPE, "list", required=("query",)),
    Route("POST", _SETI, setups.create, _SETUP),
    Route(
        "GET",
        _SETI,
        setups.listing,
        f"{PAGED} attach_to_self:boolean customer customer_account:refused payment_method",
        "list",
    ),
    Route("GET", f"{_SETI}/{{id}}", setups.retrieve, "client_secret", "fetch"),
    Route("POST", f"{_SETI}/{{id}}", setups.update, f"{_SETUP_IGNORED}{_SETUP_CHOSEN}{_SETUP_DESCRIBED}"),
    Route("POST", f"{_SETI}/{{id}}/confirm", setups.confirm, _SETUP_CONFIRM),
    Route("POST", f"{_SETI}/{{id}}/cancel", setups.cancel, _SETUP_CANCEL),
    Route("POST", _RE, refunds.create, _REFUND, "refund"),
    Route("GET", _RE, refunds.listing, f"{PAGED} payment_intent charge", "list"),
    Route("GET", f"{_RE}/{{id}}", refunds.retrieve, "", "fetch"),
    Route("POST", f"{_RE}/{{id}}", refunds.update, "metadata:metadata"),
    Route("POST", f"{_RE}/{{id}}/cancel", refunds.cancel, ""),
    Route("GET", _CH, charges.listing, f"{PAGED} payment_intent customer transfer_group", "list"),
    Route("GET", f"{_CH}/{{id}}", charges.retrieve, "", "fetch"),
    Route("POST", f"{_CH}/{{id}}", charges.update, _CHARGE),
    Route("GET", f"{_CH}/search", search.charges, search.SHAPE, "list", required=("query",)),
    Route("GET", _DU, disputes.listing, f"{PAGED} payment_intent charge", "list"),
    Route("GET", f"{_DU}/{{id}}", disputes.retrieve, "", "fetch"),
    Route("POST", f"{_DU}/{{id}}", disputes.update, _DISPUTE),
    Route("POST", f"{_DU}/{{id}}/close", disputes.close, ""),
    Route("GET", "/v1/balance", balances.balance, "", shown="balance"),
    Route("GET", _TXN, balances.transactions, _LINES, "list"),
    Route("GET", f"{_TXN}/{{id}}", balances.transaction, ""),
    Route("GET", _PO, balances.payouts, f"{PAGED} arrival_date:created destination status", "list"),
    Route("GET", f"{_PO}/{{id}}", balances.payout, ""),
    Route("POST", _CUS, customers.create, f"{_CUSTOMER} payment_method"),
    Route("GET", _CUS, customers.listing, f"{PAGED} email test_clock", "list"),
    Route("GET", f"{_CUS}/search", search.customers, search.SHAPE, "list", required=("query",)),
    Route("GET", f"{_CUS}/{{id}}", customers.retrieve, ""),
    Route("POST", f"{_CUS}/{{id}}", customers.update, _CUSTOMER),
    Route("DELETE", f"{_CUS}/{{id}}", customers.delete, ""),
    Route("GET", f"{_CUS}/{{id}}/payment_methods", customers.payment_methods, _METHODS, "list"),
    Route("POST", _PM, payment_methods.create, _METHOD, required=("type",)),
    Route("GET", _PM, payment_methods.listing, _METHODS, "list"),
    Route("GET", f"{_PM}/{{id}}", payment_methods.retrieve, ""),
    Route("POST", f"{_PM}/{{id}}", payment_methods.update, _METHOD_UPDATE),
    Route("POST", f"{_PM}/{{id}}/attach", payment_methods.attach, _ATTACH, required=("customer",)),
    Route("POST", f"{_PM}/{{id}}/detach", payment_methods.detach, ""),
    Route("GET", _EVT, event_log.listing, f"{PAGED} type types:list delivery_success:boolean", "list"),
    Route("GET", f"{_EVT}/{{id}}", event_log.retrieve, ""),
    Route("POST", _CS, sessions.create, _SESSION, required=("mode",), shown="checkout.session"),
    Route("GET", _CS, sessions.listing, _SESSIONS, "list", shown="list of checkout.session"),
    Route("GET", f"{_CS}/{{id}}", sessions.retrieve, "", "fetch", shown="checkout.session"),
    Route("POST", f"{_CS}/{{id}}/expire", sessions.expire, "", shown="checkout.session"),
    Route("GET", f"{_CS}/{{id}}/line_items", sessions.line_items, PAGED, shown="list of item"),
    Route("POST", _WE, endpoints.create, _NEW_ENDPOINT, required=("enabled_events", "url")),
    Route("GET", _WE, endpoints.listing, PAGED, "list"),
    Route("GET", f"{_WE}/{{id}}", endpoints.retrieve, ""),
    Route("POST", f"{_WE}/{{id}}", endpoints.update, _ENDPOINT),
    Route("DELETE", f"{_WE}/{{id}}", endpoints.delete, ""),
)
_BY_SHAPE = {(route.method, route.pattern): route for route in ROUTES}


def find(method: str, path: str) -> tuple[Route | None, str]:
    """Give the route of a path and the id in it; (None, "") where there is none."""
    parts = path.strip("/").split("/")
    whole = _BY_SHAPE.get((method, f"/{'/'.join(parts)}"))
    if whole is not None and "{id}" not in parts:
        return whole, ""
    at = 3 if parts[1:2] == ["checkout"] else 2
    wanted = parts[at] if len(parts) > at else ""
    if wanted in {"", "search"}:
        # Not an object that is missing, but an address that is not simulated.
        return None, ""
    route = _BY_SHAPE.get((method, f"/{'/'.join([*parts[:at], '{id}', *parts[at + 1 :]])}"))
    return (route, wanted) if route else (None, "")

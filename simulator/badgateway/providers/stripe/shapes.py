"""What each address accepts: parameters with their kinds, as params.py reads them.

`unused` is taken and passed over, because nothing here depends on it; `refused` is refused by its name.
"""

from __future__ import annotations

from badgateway.providers.stripe.lists import SHAPE as PAGED

IGNORED = (
    "allowed_payment_method_types:unused amount_details:any application_fee_amount:unused "
    "excluded_payment_method_types:unused hooks:unused payment_details:unused transfer_data:unused "
    "radar_options:unused "
)
CHOSEN = (
    "payment_method payment_method_data:mapping payment_method_options:mapping receipt_email:email "
    "setup_future_usage:off_session|on_session shipping:mapping "
    "capture_method:automatic|automatic_async|manual "
)
CONFIRMED = (
    "confirmation_token:refused error_on_requires_action:boolean mandate:unused mandate_data:unused "
    "off_session:presence "
    "return_url:url use_stripe_sdk:unused "
)
DESCRIBED = (
    "customer customer_account:refused description:1000 metadata:metadata statement_descriptor:22 "
    "statement_descriptor_suffix:22 transfer_group payment_method_configuration:unused "
    "payment_method_types:list "
)
CREATE = (
    f"{IGNORED}{CHOSEN}{CONFIRMED}{DESCRIBED}amount:integer currency automatic_payment_methods:mapping "
    "confirm:boolean confirmation_method:automatic|manual on_behalf_of:unused"
)
CONFIRM = f"{IGNORED}{CHOSEN}{CONFIRMED}amount_to_confirm:refused client_secret payment_method_types:refused"
UPDATE = f"{IGNORED}{CHOSEN}{DESCRIBED}amount:integer currency"
CAPTURE = (
    f"{IGNORED}amount_to_capture:integer final_capture:boolean metadata:metadata "
    "statement_descriptor:22 statement_descriptor_suffix:22"
)
CANCEL = "cancellation_reason:abandoned|duplicate|fraudulent|requested_by_customer"
REFUND = (
    "amount:integer charge currency:unused customer:unused instructions_email:email metadata:metadata "
    "origin:refused payment_intent "
    "reason:duplicate|fraudulent|requested_by_customer refund_application_fee:unused "
    "reverse_transfer:unused"
)
CHARGE = (
    "customer description metadata:metadata receipt_email:email fraud_details:mapping shipping:mapping "
    "transfer_group"
)
CUSTOMER = (
    "address:mapping balance:integer business_name cash_balance:unused coupon:refused "
    "default_source:500 description email:email "
    "individual_name invoice_prefix invoice_settings:mapping metadata:metadata name:256 "
    "next_invoice_sequence:integer phone:20 preferred_locales:list promotion_code:refused shipping:mapping "
    "source tax:unused "
    "tax_exempt:exempt|none|reverse tax_id_data:unused test_clock validate:unused"
)
# Ways in which cards and accounts were given to a customer before there were payment methods.
CUSTOMER_UPDATE = (
    f"{CUSTOMER} bank_account:refused card:refused default_alipay_account:refused "
    "default_bank_account:refused default_card:refused"
)
# Types of payment methods that are not simulated; each is refused by its name.
OTHER_TYPES = (
    "acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit bancontact "
    "billie bizum blik boleto cashapp crypto custom customer_balance eps fpx giropay grabpay ideal "
    "interac_present kakao_pay klarna konbini kr_card link mb_way mobilepay multibanco naver_pay "
    "nz_bank_account oxxo p24 pay_by_bank payco paynow paypal paypay payto pix promptpay revolut_pay "
    "samsung_pay satispay scalapay sequra sofort sunbit swish twint upi wechat_pay zip "
)
TYPES = "|".join([*OTHER_TYPES.split(), "card", "sepa_debit", "us_bank_account"])
METHOD = (
    f"type:{TYPES} card:mapping us_bank_account:mapping sepa_debit:mapping billing_details:mapping "
    "metadata:metadata customer payment_method allow_redisplay:always|limited|unspecified "
    "radar_options:unused "
) + " ".join(f"{name}:refused" for name in OTHER_TYPES.split())
METHOD_UPDATE = (
    "billing_details:mapping card:mapping metadata:metadata allow_redisplay:always|limited|unspecified "
    "us_bank_account:mapping link:refused"
)
LINES = f"{PAGED} currency payout source type"
ATTACH = "customer customer_account:refused"
METHODS = f"{PAGED} customer customer_account:refused type:{TYPES} allow_redisplay:unused"

SETUP_IGNORED = (
    "allowed_payment_method_types:unused excluded_payment_method_types:unused "
    "payment_method_configuration:unused "
    "confirmation_token:refused customer_account:refused single_use:unused "
)
SETUP_CHOSEN = "payment_method payment_method_data:mapping payment_method_options:mapping "
SETUP_DESCRIBED = (
    "attach_to_self:boolean customer description:1000 flow_directions:inbound,outbound metadata:metadata "
    "payment_method_types:list "
)
SETUP_CONFIRM = (
    f"{SETUP_CHOSEN}allowed_payment_method_types:unused client_secret confirmation_token:refused "
    "mandate_data:unused return_url:url use_stripe_sdk:unused"
)
SETUP = (
    f"{SETUP_IGNORED}{SETUP_CHOSEN}{SETUP_DESCRIBED}automatic_payment_methods:mapping confirm:boolean "
    "mandate_data:unused on_behalf_of return_url:url usage:off_session|on_session use_stripe_sdk:unused"
)
SETUP_UPDATE = f"{SETUP_IGNORED}{SETUP_CHOSEN}{SETUP_DESCRIBED}"
SETUP_CANCEL = "cancellation_reason:abandoned|duplicate|requested_by_customer"
INCREMENT = (
    "amount:integer amount_details:unused application_fee_amount:unused description:1000 hooks:unused "
    "metadata:metadata payment_details:unused statement_descriptor:22 transfer_data:unused"
)
DISPUTE = (
    "evidence:mapping intended_submission_method:manual|prefer_manual|prefer_smart_disputes|smart_disputes "
    "metadata:metadata submit:boolean"
)
LOCALES = (
    "auto|bg|cs|da|de|el|en|en-GB|es|es-419|et|fi|fil|fr|fr-CA|hi-IN|hr|hu|id|it|ja|ko|lt|lv|ms|mt|nb|nl|pl|pt|"
    "pt-BR|ro|ru|sk|sl|sv|th|tr|vi|zh|zh-HK|zh-TW"
)
SESSION = (
    "adaptive_pricing:unused after_expiration:refused allow_promotion_codes:boolean "
    "allowed_payment_method_types:unused automatic_tax:refused billing_address_collection:auto|required "
    "branding_settings:unused cancel_url client_reference_id:200 consent_collection:refused currency "
    "custom_fields:refused custom_text:unused customer customer_account:refused "
    "customer_creation:always|if_required customer_email:email customer_update:unused discounts:refused "
    "excluded_payment_method_types:unused expires_at:integer integration_identifier:unused "
    "invoice_creation:refused line_items:any "
    f"locale:{LOCALES} "
    "managed_payments:refused metadata:metadata "
    "mode:payment|setup name_collection:refused optional_items:refused origin_context:mobile_app|web "
    "payment_intent_data:mapping payment_method_collection:unused "
    "payment_method_configuration:unused payment_method_data:unused payment_method_options:mapping "
    "payment_method_types:list permissions:unused phone_number_collection:refused "
    "redirect_on_completion:refused return_url:refused saved_payment_method_options:unused "
    "setup_intent_data:mapping shipping_address_collection:refused shipping_options:refused "
    "submit_type:auto|book|donate|pay subscription_data:refused success_url tax_id_collection:refused "
    "ui_mode:hosted|hosted_page wallet_options:unused"
)
SESSION_PAYMENT = (
    "application_fee_amount:unused capture_method:automatic|automatic_async|manual description "
    "metadata:metadata on_behalf_of:unused receipt_email:email setup_future_usage:off_session|on_session "
    "shipping:mapping statement_descriptor statement_descriptor_suffix transfer_data:unused transfer_group"
)
SESSION_SETUP = "description metadata:metadata on_behalf_of:unused"
SESSIONS = (
    f"{PAGED} customer customer_account:refused customer_details:refused payment_intent "
    "payment_link:refused status:complete|expired|open subscription:refused"
)
ENDPOINT = "description disabled:boolean enabled_events:list metadata:metadata url"
NEW_ENDPOINT = "api_version connect:refused description enabled_events:list metadata:metadata url"

"""Which fields a request may have, and of which kind: Adyen refuses the others before it does anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

# Source: the field names of Checkout 71. What stands in none of these rows is text.
_FLAGS = """
    enableOneClick enablePayOut enableRecurring showInstallmentAmount showRemovePaymentMethodButton
    splitCardFundingSources storePaymentMethod threeDSAuthenticationOnly trustedShopper
"""
_WHOLE = "captureDelayHours fraudOffset"
_THINGS = """
    accountInfo additionalAmount additionalData amount applicationInfo authenticationData bankAccount
    billingAddress browserInfo company dccQuote deliveryAddress details enhancedSchemeData fundOrigin
    fundRecipient installmentOptions installments localizedShopperStatement mandate merchantRiskIndicator
    metadata mpiData order paymentMethod paymentValidations platformChargebackLogic riskData shopperName
    shopperTaxInfo surcharge threeDS2RequestData
"""
_LISTS = """
    allowedPaymentMethods blockedPaymentMethods lineItems splits subMerchants supportedBrands
"""
_SHARED = """
    accountInfo additionalAmount additionalData amount applicationInfo authenticationData billingAddress
    captureDelayHours channel company countryCode dateOfBirth deliverAt deliveryAddress enableOneClick
    enablePayOut enableRecurring fundOrigin fundRecipient lineItems mandate mcc merchantAccount
    merchantOrderReference metadata mpiData platformChargebackLogic recurringExpiry recurringFrequency
    recurringProcessingModel redirectFromIssuerMethod redirectToIssuerMethod reference returnUrl riskData
    shopperEmail shopperIP shopperInteraction shopperLocale shopperName shopperReference shopperStatement
    socialSecurityNumber splits store storePaymentMethod telephoneNumber threeDS2RequestData
    threeDSAuthenticationOnly trustedShopper
"""
_PAYMENT = f"""{_SHARED}
    bankAccount browserInfo checkoutAttemptId conversionId dccQuote deliveryDate deviceFingerprint
    enhancedSchemeData entityType fraudOffset industryUsage installments localizedShopperStatement
    merchantRiskIndicator order orderReference origin paymentMethod paymentValidations sessionValidity
    shopperConversionId shopperTaxInfo subMerchants surcharge
"""
_SESSION = f"""{_SHARED}
    allowedPaymentMethods blockedPaymentMethods expiresAt installmentOptions mode showInstallmentAmount
    showRemovePaymentMethodButton splitCardFundingSources storeFiltrationMode storePaymentMethodMode themeId
"""
_METHODS = """
    additionalData allowedPaymentMethods amount blockedPaymentMethods browserInfo channel countryCode
    merchantAccount order shopperConversionId shopperEmail shopperIP shopperLocale shopperReference
    splitCardFundingSources store storeFiltrationMode telephoneNumber
"""
_CARD = """
    billingSequenceNumber brand checkoutAttemptId cupsecureplus.smscode cvc encryptedCard
    encryptedCardNumber encryptedExpiryMonth encryptedExpiryYear encryptedPassword encryptedSecurityCode
    expiryMonth expiryYear fastlaneData fundingSource holderName networkPaymentReference number
    recurringDetailReference sdkData shopperNotificationReference srcCorrelationId srcDigitalCardId
    srcScheme srcTokenReference storedPaymentMethodId threeDS2SdkVersion type
"""
_COMPLETION = """
    MD PaReq PaRes authorization_token billingToken cupsecureplus.smscode facilitatorAccessToken
    oneTimePasscode orderID payerID payload paymentID paymentStatus redirectResult resultCode
    returnUrlQueryString threeDSResult threeds2.challengeResult threeds2.fingerprint vaultToken
"""
_MODIFIED = "applicationInfo enhancedSchemeData merchantAccount reference"
_MONEY = f"{_MODIFIED} amount lineItems splits"
_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "channel": ("iOS", "Android", "Web"),
        "industryUsage": ("delayedCharge", "installment", "noShow"),
        "merchantRefundReason": ("FRAUD", "CUSTOMER REQUEST", "RETURN", "DUPLICATE", "OTHER"),
        "mode": ("embedded", "hosted"),
        "recurringProcessingModel": ("CardOnFile", "Subscription", "UnscheduledCardOnFile"),
        "shopperInteraction": ("Ecommerce", "ContAuth", "Moto", "POS"),
    }
)
_LONGEST: Mapping[str, int] = MappingProxyType(
    {"merchantOrderReference": 1000, "returnUrl": 8000, "shopperReference": 256, "storedPaymentMethodId": 64}
)
_SHOWN_MAX = 5
_NAME = re.compile(r"[A-Za-z][A-Za-z_.]{0,60}")  # a name that is repeated in an answer; never a number


@dataclass(frozen=True, slots=True)
class Shape:
    """One structure by Adyen's name of it: its fields, and those of them that are structures themselves."""

    name: str
    fields: frozenset[str]
    within: Mapping[str, Shape]


def _shape(name: str, words: str, **within: Shape) -> Shape:
    return Shape(name, frozenset(words.split()), within)


_AMOUNT = _shape("Amount", "currency value")
SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "/payments": _shape(
            "PaymentRequest", _PAYMENT, amount=_AMOUNT, paymentMethod=_shape("CardDetails", _CARD)
        ),
        "/payments/details": _shape(
            "PaymentDetailsRequest",
            "authenticationData details paymentData threeDSAuthenticationOnly",
            details=_shape("PaymentCompletionDetails", _COMPLETION),
        ),
        "/payments/{id}/captures": _shape(
            "PaymentCaptureRequest", f"{_MONEY} platformChargebackLogic subMerchants", amount=_AMOUNT
        ),
        "/payments/{id}/cancels": _shape("PaymentCancelRequest", _MODIFIED),
        "/payments/{id}/refunds": _shape(
            "PaymentRefundRequest", f"{_MONEY} capturePspReference merchantRefundReason store", amount=_AMOUNT
        ),
        "/payments/{id}/reversals": _shape("PaymentReversalRequest", _MODIFIED),
        "/payments/{id}/amountUpdates": _shape(
            "PaymentAmountUpdateRequest", f"{_MONEY} industryUsage", amount=_AMOUNT
        ),
        "/cancels": _shape("StandalonePaymentCancelRequest", f"{_MODIFIED} paymentReference"),
        "/sessions": _shape("CreateCheckoutSessionRequest", _SESSION, amount=_AMOUNT),
        "/paymentMethods": _shape("PaymentMethodsRequest", _METHODS, amount=_AMOUNT),
        "/cardDetails": _shape(
            "CardDetailsRequest",
            "cardNumber countryCode encryptedCardNumber merchantAccount supportedBrands",
        ),
    }
)
_KINDS: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {
        **dict.fromkeys(_FLAGS.split(), (bool,)),
        **dict.fromkeys((*_WHOLE.split(), "value"), (int,)),
        **dict.fromkeys(_THINGS.split(), (dict,)),
        **dict.fromkeys(_LISTS.split(), (list,)),
    }
)


def problem_of(pattern: str, body: Mapping[str, Any]) -> str | None:
    """Say what of a body is not as an address takes it, without its values; None: nothing."""
    shape = SHAPES.get(pattern)
    return next(_problems(shape, body), None) if shape is not None else None


def _problems(shape: Shape, body: Mapping[str, Any]) -> Iterator[str]:
    unknown = sorted(name if _NAME.fullmatch(name) else "?" for name in body if name not in shape.fields)
    if unknown:
        told = ", ".join(unknown[:_SHOWN_MAX])
        yield f"Structure of {shape.name} contains the following unknown fields: [{told}]"
    for name, value in body.items():
        if value is None:
            continue  # nothing is as good as not there
        if not _fits(name, value):
            yield f"Structure of {shape.name} contains an invalid value for: {name}"
        elif name in shape.within:
            yield from _problems(shape.within[name], value)


def _fits(name: str, value: Any) -> bool:
    kinds = _KINDS.get(name, (str,))
    if not isinstance(value, kinds) or (isinstance(value, bool) and kinds != (bool,)):
        return False
    if isinstance(value, str) and len(value) > _LONGEST.get(name, len(value)):
        return False
    return name not in _CHOICES or value in _CHOICES[name]

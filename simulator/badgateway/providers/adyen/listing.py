"""What a checkout asks before it pays: which methods there are, and what kind of card a number begins."""

from __future__ import annotations

from badgateway.providers.adyen.call import Call, Done
from badgateway.providers.adyen.errors import Refused, missing
from badgateway.providers.adyen.reading import check_merchant, text_of

_BRANDS = ("visa", "mc", "amex", "discover", "diners", "jcb")


def payment_methods(call: Call) -> Done:
    """Give the methods of payment: cards."""
    check_merchant(call)
    return Done({"paymentMethods": [{"brands": list(_BRANDS), "name": "Cards", "type": "scheme"}]})


def card_details(call: Call) -> Done:
    """Give the brands that a number may be of by its first digits."""
    check_merchant(call)
    number = (text_of(call, "cardNumber") or text_of(call, "encryptedCardNumber") or "").removeprefix("test_")
    if len(number) < 6:
        raise Refused(missing("14_013", "At least six digits of a card number are needed."))
    brand = {"4": "visa", "5": "mc", "3": "amex", "6": "discover"}.get(number[:1])
    return Done({"brands": [{"supported": brand is not None, "type": brand or "unknown"}]})

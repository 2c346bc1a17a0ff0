"""What brings each notification about, where nobody plays a story."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from badgateway.payments.commands import CreatePayment
from badgateway.payments.model import Capture
from badgateway.providers.adyen.instruments import Instrument, word_of
from badgateway.providers.adyen.shelf import merchant_account, new_reference, shelf
from badgateway.providers.base import Account

PROMPTS: Mapping[str, str] = MappingProxyType(
    {
        "AUTHORISATION": "paid",
        "AUTHORISATION_ADJUSTMENT": "increased",
        "CAPTURE": "captured",
        "CAPTURE_FAILED": "capture_failed",
        "CANCELLATION": "voided",
        "EXPIRE": "expired",
        "REFUND": "refunded",
        "REFUND_FAILED": "refund_failed",
        "REQUEST_FOR_INFORMATION": "questioned",
        "ISSUER_RESPONSE_TIMEFRAME_EXPIRED": "question_over",
        "NOTIFICATION_OF_CHARGEBACK": "disputed",
        "CHARGEBACK": "disputed",
        "CHARGEBACK_REVERSED": "dispute_won",
        "DISPUTE_DEFENSE_PERIOD_ENDED": "dispute_lost",
        "SECOND_CHARGEBACK": "disputed_again",
        "PREARBITRATION_WON": "second_dispute_won",
        "PREARBITRATION_LOST": "second_dispute_lost",
    }
)


def take(
    card: str, reference: str, amount_minor: int, currency: str, account: Account, *, is_held: bool
) -> None:
    """Make a payment, and charge it, with a stored method."""
    known = Instrument(account.ids.make("instrument", 16), word_of(card), is_stored=True)
    shelf(account).instruments[known.id] = known
    made = CreatePayment(
        id=new_reference(account),
        amount_minor=amount_minor,
        currency=currency,
        capture=Capture.MANUAL if is_held else Capture.AUTOMATIC,
        order_ref=reference,
        method=known.id,
        charge=True,
        confirms_again=True,
        details={
            "reference": reference,
            "merchantAccount": merchant_account(account.api_key),
            "redirect": account.ids.make("redirect", 24),
        },
    )
    account.book.do(made, account.cause)

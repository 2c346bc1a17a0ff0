"""What brings each event of a declared provider about, read off the neutral names in its file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from badgateway.payments.commands import CreatePayment
from badgateway.payments.decisions import failure
from badgateway.payments.model import Capture, Payment
from badgateway.providers.base import Account
from badgateway.providers.declared.answering import decide
from badgateway.providers.declared.model import EventKind, Spec
from badgateway.providers.declared.scene import Nobody, Scene
from badgateway.providers.declared.templates import holds

# Neutral event -> what brings it about, and the card without which a provider cannot tell it.
_OF: Mapping[str, tuple[str, str]] = {
    "payment.created": ("paid", "approved"),
    "payment.action_required": ("challenged", "authentication_required"),
    "payment.pending": ("pending", "pending_then_succeeds"),
    "payment.authorized": ("held", "approved"),
    "payment.succeeded": ("paid", "approved"),
    "payment.failed": ("declined", "declined"),
    "payment.voided": ("voided", "approved"),
    "payment.expired": ("expired", "approved"),
    "capture.failed": ("capture_failed", "approved"),
    "refund.created": ("refunded", "approved"),
    "refund.succeeded": ("refunded", "approved"),
    "refund.failed": ("refund_failed", "approved"),
    "dispute.opened": ("disputed", "approved"),
    "dispute.won": ("dispute_won", "approved"),
    "dispute.lost": ("dispute_lost", "approved"),
    "payout.paid": ("paid_out", "approved"),
}
# What else brings some of them about, for an event that is told only when something is true.
_ELSE: Mapping[str, tuple[str, str]] = {
    "payment.failed": ("unauthenticated", "authentication_required"),
    "dispute.opened": ("debit_returned", "bank_debit"),
    "dispute.lost": ("debit_returned", "bank_debit"),
}
_FAILS = {"declined": "declined", "unauthenticated": "authentication_failed"}  # occasion -> why


def prompts_of(spec: Spec) -> Mapping[str, str]:
    """Give what brings each event about; one that tells several things is asked for by the first of them."""
    found: dict[str, str] = {}
    for name, usual in _OF.items():
        for kind in spec.webhooks.events.get(name, ()):
            ways = (usual, _ELSE.get(name, usual))
            wanted = (one for one, card in ways if card in spec.cards and _is_told(kind, one, card, spec))
            occasion = next(wanted, None)
            if occasion is not None:
                found.setdefault(kind.type, _without_hold(kind, occasion))
    return found


def _is_told(kind: EventKind, occasion: str, card: str, spec: Spec) -> bool:
    """Say whether an event is told of a payment with this card on such an occasion."""
    why = failure(_FAILS[occasion]) if occasion in _FAILS else None
    payment = Payment("", 1, "EUR", method=spec.cards[card], failure=why)
    scene = Scene(spec, Nobody()).about(payment)  # type: ignore[arg-type] # nothing of the account is read
    return kind.when is None or holds(kind.when, scene)


def take(
    spec: Spec,
    card: str,
    reference: str,
    amount_minor: int,
    currency: str,
    account: Account,
    *,
    is_held: bool,
) -> None:
    """Make a payment, and charge it, with a token."""
    if account.book.decide is None:
        account.book.decide = partial(decide, spec=spec)
    made = CreatePayment(
        id=spec.prefix("payment") + account.ids.make("payment", 24),
        amount_minor=amount_minor,
        currency=currency,
        capture=Capture.MANUAL if is_held else Capture.AUTOMATIC,
        order_ref=reference,
        method=card,
        charge=True,
    )
    account.book.do(made, account.cause)


def _without_hold(kind: EventKind, occasion: str) -> str:
    """Give the occasion of an event that is told only where the money had been held before."""
    return "captured" if occasion == "paid" and kind.without_move == "auth" else occasion

"""What gateways tell Euler of the attempts that it has sent them: taken in, and filed with its order."""

from __future__ import annotations

import re
from collections.abc import Mapping

from badgateway.ground.records import changed
from badgateway.payments.model import Happening, Status
from badgateway.providers.base import Account
from badgateway.providers.euler.acquirer import PENDING, UNKNOWN, Returned, Standing
from badgateway.providers.euler.behind import Behind, Sent
from badgateway.providers.euler.gateway import standing_of
from badgateway.providers.euler.shelf import Order, Txn, behind_of, shelf

_NAME = re.compile(r"[A-Za-z0-9_-]{1,21}[.][0-9]{1,4}")
_ENDS_WORK = frozenset({Status.SUCCEEDED, Status.VOIDED, Status.EXPIRED, Status.NEW})


def heard(happening: Happening, account: Account, told_by: Account) -> tuple[Order, Txn, Standing] | None:
    """Take in what a gateway tells; gives the attempt that it is about, and how that stands now.

    None: Euler has never asked for such a payment.
    """
    behind = behind_of(account)
    assert behind is not None, "who is told has gateways"
    sent = _sent(happening, behind)
    order = shelf(account).order(sent.charge.order_id) if sent is not None else None
    if sent is None or order is None:
        return None
    told = standing_of(happening.payment, told_by, happening.refund, happening.dispute)
    before, ends = sent.standing, happening.payment.status in _ENDS_WORK
    # That it was made says nothing of how it ended: who did not know that knows no more now.
    is_only_made = told.status is Status.NEW and told.outcome == PENDING
    sent.standing = changed(
        told,
        outcome=UNKNOWN if is_only_made and before.outcome == UNKNOWN else told.outcome,
        gateway=before.gateway,
        under_way=None if ends else before.under_way,
        refunds=tuple(changed(one, request_id=_asked_for(one, told_by, sent)) for one in told.refunds),
    )
    behind.by_reference[happening.payment.id] = sent.name
    shelf(account).watched[order.order_id] = order
    return order, order.txns[sent.charge.n - 1], sent.standing


def _asked_for(one: Returned, told_by: Account, sent: Sent) -> str | None:
    """Give the merchant's request of a refund, which the gateway tells again; None: it has none."""
    refund = told_by.book.refund(one.id)
    noted = refund.details if refund is not None else {}
    metadata = noted.get("metadata")
    told = noted.get("reference") or (metadata.get("refund") if isinstance(metadata, Mapping) else None)
    if isinstance(told, str) and told in sent.asked:
        sent.requests[one.id] = told
    return sent.requests.get(one.id)


def _sent(happening: Happening, behind: Behind) -> Sent | None:
    """Find the attempt of a payment: by the gateway's reference, or by our name in what it was told."""
    known = behind.find(happening.payment.id)
    if known is not None:
        return known
    texts = _NAME.findall(happening.payment.order_ref or "")
    return next((behind.sent[name] for name in texts if name in behind.sent), None)

"""Reconciling: what is open first, then what is finished."""

from __future__ import annotations

from typing import Any

from books import Books
from door import Deadline, Unknown
from learning import look
from paying import carry_drop, carry_payment, carry_ship
from refunding import carry_refunds, refresh, restate
from shop import FINISHED_PAID, NotYet, Shop, say

_OPEN_DISPUTE = frozenset({"needs_response", "under_review", "lost"})
_LEAST_S = 0.050
_FINISHED_MAX = 25
# A basket on which nothing was ever sent has nothing to ask about.
_ASKABLE = """
SELECT ref, state IN ('waiting', 'reserved') OR EXISTS
    (SELECT 1 FROM refunds WHERE refunds.ref = baskets.ref AND refunds.state = 'open') AS is_open
FROM baskets WHERE state NOT IN ('basket', 'broken_off') AND (intent IS NOT NULL OR state = 'waiting')
    AND (is_lost = 0 OR state IN ('waiting', 'reserved'))
ORDER BY is_open DESC, looks, number DESC
"""


def reconcile(shop: Shop, deadline: Deadline) -> dict[str, int]:
    """Look at as many baskets as time allows."""
    rows = shop.books.rows(_ASKABLE)
    open_count = sum(row["is_open"] for row in rows)
    refs = [row["ref"] for row in rows[: open_count + _FINISHED_MAX]]
    looked_at = 0
    for number, ref in enumerate(refs):
        if deadline.left() < _LEAST_S:
            break
        part = deadline.part(max(shop.deadline_s / 2, deadline.left() / (len(refs) - number)))
        try:
            with shop.turn(ref, part):
                look_at(shop, ref, part)
        except NotYet:
            continue
        _count(shop.books, ref)
        looked_at += 1
    return {"looked_at": looked_at, "left": len(rows) - looked_at}


def _count(books: Books, ref: str) -> None:
    with books.writing() as db:
        db.execute("UPDATE baskets SET looks = looks + 1 WHERE ref = ?", (ref,))


def look_at(shop: Shop, ref: str, deadline: Deadline) -> None:
    """Bring one basket up to date."""
    basket = shop.books.basket(ref)
    if basket["is_dropped"] and basket["state"] in ("waiting", "refused", "reserved"):
        carry_drop(shop, ref, deadline)
    elif basket["state"] == "waiting":
        carry_payment(shop, ref, deadline)
    elif shop.books.letter(ref, "capture") is not None:
        carry_ship(shop, ref, deadline)
    elif basket["state"] in ("reserved", "refused"):
        look(shop, ref, deadline)
    elif basket["state"] in FINISHED_PAID:
        _finished(shop, ref, deadline)


def _finished(shop: Shop, ref: str, deadline: Deadline) -> None:
    carry_refunds(shop, ref, deadline)
    intent = look(shop, ref, deadline)
    if intent is not None and shop.books.basket(ref)["state"] in FINISHED_PAID:
        refresh(shop, ref, deadline)
        _disputes(shop, ref, intent, deadline)


def _disputes(shop: Shop, ref: str, intent: dict[str, Any], deadline: Deadline) -> None:
    charge = intent.get("latest_charge")
    # The flag of a charge stays when a dispute is won, so the disputes themselves are asked for.
    is_contested = isinstance(charge, dict) and bool(charge.get("disputed"))
    if is_contested:
        try:
            found = shop.door.everything("/v1/disputes", deadline, payment_intent=intent["id"])
        except Unknown as reason:
            say("look at disputes failed", basket=ref, reason=reason)
            return
        if found is not None:
            is_contested = any(dispute.get("status") in _OPEN_DISPUTE for dispute in found)
    with shop.books.writing() as db:
        db.execute("UPDATE baskets SET is_contested = ? WHERE ref = ?", (int(is_contested), ref))
        restate(db, ref)

"""Reconciling: what is open first, then what is finished."""

from __future__ import annotations

import time

from books import Books
from door import Deadline
from learning import look
from paying import carry_drop, carry_payment, carry_ship
from refunding import carry_refunds, look_at_disputes, refresh
from shop import FINISHED_PAID, NotYet, Shop

_LEAST_S = 0.050
_FINISHED_MAX = 25
_PATIENCE_S = 2.0
# A basket on which nothing was ever sent has nothing to ask about.
_ASKABLE = """
SELECT ref, state IN ('waiting', 'reserved') OR EXISTS
    (SELECT 1 FROM refunds WHERE refunds.ref = baskets.ref AND refunds.state = 'open') AS is_open
FROM baskets WHERE state NOT IN ('basket', 'broken_off') AND (intent IS NOT NULL OR state = 'waiting')
    AND (is_lost = 0 OR state IN ('waiting', 'reserved'))
ORDER BY is_open DESC, looks, number DESC
"""


def reconcile(shop: Shop, deadline: Deadline) -> dict[str, int]:
    """Look at as many baskets as time allows, and once more when what was put off for a moment is due."""
    told = _look_round(shop, deadline)
    if 0 < (wait_s := shop.books.next_due_s()) <= _PATIENCE_S:
        time.sleep(wait_s)  # as long as Stripe, or who stands before it, asked for
        told = _look_round(shop, shop.deadline())
    return told


def _look_round(shop: Shop, deadline: Deadline) -> dict[str, int]:
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
    is_held = basket["state"] in ("waiting", "refused", "reserved")
    if basket["is_dropped"] and (is_held or shop.books.letter(ref, "cancel") is not None):
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
        look_at_disputes(shop, ref, intent, deadline)

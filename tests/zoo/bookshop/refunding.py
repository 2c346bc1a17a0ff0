"""Giving money back: one row and one key for each wish, never more than was captured."""

from __future__ import annotations

import sqlite3
from typing import Any

from books import is_due, new_key, set_basket
from door import Deadline, Unknown
from learning import look
from money import from_stripe, to_stripe
from shop import FINISHED_PAID, Forbidden, NotYet, Shop, say

_COUNTED = "SELECT amount FROM refunds WHERE ref = ? AND state IN ('open', 'pending', 'succeeded')"
_SHOWN = "SELECT amount FROM refunds WHERE ref = ? AND state IN ('pending', 'succeeded')"
_OPEN_DISPUTE = frozenset({"needs_response", "under_review", "lost"})
_STATES = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}


def given_back(shop: Shop, ref: str) -> int:
    """Give what is refunded or pending, in minor units."""
    return sum(row["amount"] for row in shop.books.rows(_SHOWN, ref))


def give_back(shop: Shop, ref: str, receipt: str | None, amount: int | None, deadline: Deadline) -> None:
    """Refund once for each receipt."""
    receipt = receipt or new_key()
    row = _row(shop, ref, receipt)
    if row is None:
        if shop.books.basket(ref)["state"] not in ("settled", "given_back_some"):
            raise Forbidden
        # The dashboard may have been quicker. Where this look fails, our own books and Stripe are the bound.
        refresh(shop, ref, deadline.part(shop.deadline_s / 3), tries=1)
        row = _write(shop, ref, receipt, amount)
    elif amount is not None and row["amount"] != amount:
        raise Forbidden
    carry_refund(shop, row, deadline)
    row = _row(shop, ref, receipt)
    assert row is not None, "it was written above"
    if row["state"] == "open":
        raise NotYet
    if row["state"] == "failed":
        raise Forbidden


def _row(shop: Shop, ref: str, receipt: str) -> sqlite3.Row | None:
    return shop.books.row("SELECT * FROM refunds WHERE ref = ? AND receipt = ?", ref, receipt)


def _write(shop: Shop, ref: str, receipt: str, amount: int | None) -> sqlite3.Row:
    with shop.books.writing() as db:
        basket = db.execute("SELECT * FROM baskets WHERE ref = ?", (ref,)).fetchone()
        left = basket["captured"] - _sum(db, _COUNTED, ref)
        wanted = left if amount is None else amount
        if not 0 < wanted <= left or basket["state"] not in ("settled", "given_back_some"):
            raise Forbidden
        db.execute(
            "INSERT INTO refunds (ref, receipt, amount, key) VALUES (?, ?, ?, ?)",
            (ref, receipt, wanted, new_key()),
        )
        row: sqlite3.Row = db.execute(
            "SELECT * FROM refunds WHERE ref = ? AND receipt = ?", (ref, receipt)
        ).fetchone()
        return row


def carry_refunds(shop: Shop, ref: str, deadline: Deadline) -> None:
    """Send every refund that has no answer."""
    for row in shop.books.rows("SELECT * FROM refunds WHERE ref = ? AND state = 'open'", ref):
        carry_refund(shop, row, deadline)


def carry_refund(shop: Shop, row: sqlite3.Row, deadline: Deadline) -> None:
    """Send a refund without an answer, after a look where it was sent before."""
    if row["state"] != "open" or (row["tries"] and not _is_missing(shop, row, deadline)):
        return
    if not is_due(row) or not _has_looked(shop, row["ref"], deadline):
        return
    basket = shop.books.basket(row["ref"])
    if basket["state"] == "contested":
        # The bank has the money, or is about to; Stripe would refuse it, too.
        _end_refused(shop, row)
        return
    form = {
        "payment_intent": basket["intent"],
        "amount": to_stripe(row["amount"], basket["currency"]),
        "metadata[receipt]": row["receipt"],
        "metadata[basket]": row["ref"],
    }
    shop.books.sending("refunds", row["id"])
    try:
        answer = shop.door.post("/v1/refunds", form, row["key"], deadline)
    except Unknown as reason:
        say("no answer", basket=row["ref"], letter="refund", reason=reason)
        shop.books.put_off("refunds", row["id"], reason.wait_s)
        if reason.is_stored and _is_missing(shop, row, deadline):
            shop.books.rekey("refunds", row["id"])
        return
    say("answer", basket=row["ref"], letter="refund", status=answer.status)
    if answer.is_ok:
        with shop.books.writing() as db:
            _record(db, row["ref"], basket["currency"], answer.body)
            restate(db, row["ref"])
    # The refusal may be of a second sending, and the first may have been carried out.
    elif _is_missing(shop, row, deadline):
        _end_refused(shop, row)


def _end_refused(shop: Shop, row: sqlite3.Row) -> None:
    with shop.books.writing() as db:
        db.execute("UPDATE refunds SET state = 'failed' WHERE id = ? AND state = 'open'", (row["id"],))
        restate(db, row["ref"])


def _has_looked(shop: Shop, ref: str, deadline: Deadline) -> bool:
    """Look for disputes before money is given back; False: nobody could tell."""
    intent = look(shop, ref, deadline)
    if intent is None:
        # What Stripe no longer knows it gives nothing back for, and its refusal ends the refund.
        return bool(shop.books.basket(ref)["is_lost"])
    return look_at_disputes(shop, ref, intent, deadline)


def look_at_disputes(shop: Shop, ref: str, intent: dict[str, Any], deadline: Deadline) -> bool:
    """Learn whether a basket is contested; False: its disputes could not be read."""
    charge = intent.get("latest_charge")
    # The flag of a charge stays when a dispute is won, so the disputes themselves are asked for.
    is_contested = isinstance(charge, dict) and bool(charge.get("disputed"))
    if is_contested:
        try:
            found = shop.door.everything("/v1/disputes", deadline, payment_intent=intent["id"])
        except Unknown as reason:
            say("look at disputes failed", basket=ref, reason=reason)
            return False
        if found is not None:
            is_contested = any(dispute.get("status") in _OPEN_DISPUTE for dispute in found)
    with shop.books.writing() as db:
        db.execute("UPDATE baskets SET is_contested = ? WHERE ref = ?", (int(is_contested), ref))
        restate(db, ref)
    return True


def _is_missing(shop: Shop, row: sqlite3.Row, deadline: Deadline) -> bool:
    """Say whether Stripe is known not to have this refund."""
    if not refresh(shop, row["ref"], deadline):
        return False
    now = _row(shop, row["ref"], row["receipt"])
    return now is not None and now["state"] == "open"


def refresh(shop: Shop, ref: str, deadline: Deadline, tries: int = 2) -> bool:
    """Read all refunds of a basket's intent; False: they could not be read."""
    basket = shop.books.basket(ref)
    try:
        found = shop.door.everything("/v1/refunds", deadline, tries, payment_intent=basket["intent"])
    except Unknown as reason:
        say("look at refunds failed", basket=ref, reason=reason)
        return False
    if found is None:
        return False
    with shop.books.writing() as db:
        for refund in found:
            _record(db, ref, basket["currency"], refund)
        restate(db, ref)
    return True


def _record(db: sqlite3.Connection, ref: str, currency: str, refund: dict[str, Any]) -> None:
    state = _STATES.get(str(refund.get("status")), "pending")
    receipt = (refund.get("metadata") or {}).get("receipt")
    row = db.execute("SELECT * FROM refunds WHERE ref = ? AND stripe_id = ?", (ref, refund["id"])).fetchone()
    if row is None:
        row = db.execute(
            "SELECT * FROM refunds WHERE ref = ? AND receipt = ? AND stripe_id IS NULL", (ref, receipt)
        ).fetchone()
    if row is None:
        # Made at the dashboard.
        db.execute(
            "INSERT INTO refunds (ref, receipt, amount, state, stripe_id) VALUES (?, ?, ?, ?, ?)",
            (ref, refund["id"], from_stripe(refund["amount"], currency), state, refund["id"]),
        )
    elif row["stripe_id"] is None or _is_forward(row["state"], state):
        db.execute(
            "UPDATE refunds SET state = ?, stripe_id = ? WHERE id = ?", (state, refund["id"], row["id"])
        )


def _sum(db: sqlite3.Connection, sql: str, ref: str) -> int:
    return sum(row["amount"] for row in db.execute(sql, (ref,)))


def _is_forward(old: str, new: str) -> bool:
    order = ("open", "pending", "succeeded", "failed")
    return order.index(new) > order.index(old)


def restate(db: sqlite3.Connection, ref: str) -> None:
    """Give a paid basket the word for what was given back and whether it is contested."""
    basket = db.execute("SELECT * FROM baskets WHERE ref = ?", (ref,)).fetchone()
    if basket["state"] not in FINISHED_PAID:
        return
    back = _sum(db, _SHOWN, ref)
    state = "settled"
    if back:
        state = "given_back" if back >= basket["captured"] else "given_back_some"
    if basket["is_contested"]:
        state = "contested"
    if state != basket["state"]:
        set_basket(db, ref, state=state)
        say("state", basket=ref, before=basket["state"], after=state)

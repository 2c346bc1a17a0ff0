"""What an intent that Stripe shows means for a basket; only forward, since a look may be old."""

from __future__ import annotations

import sqlite3
from typing import Any

from books import close_letters, new_key, set_basket
from door import Deadline, Unknown
from money import from_stripe
from shop import FINISHED_PAID, Shop, say


def look(shop: Shop, ref: str, deadline: Deadline) -> dict[str, Any] | None:
    """Ask Stripe for the basket's intent, learn from it and give it; None: nothing was learnt."""
    basket = shop.books.basket(ref)
    path = f"/v1/payment_intents/{basket['intent']}"
    try:
        answer = shop.door.get(path, deadline, {"expand[]": "latest_charge"})
    except Unknown as reason:
        say("look failed", basket=ref, reason=reason)
        return None
    if not answer.is_ok:
        say("intent not shown", basket=ref, status=answer.status)
        if answer.status == 404:
            with shop.books.writing() as db:
                db.execute("UPDATE baskets SET is_lost = 1 WHERE ref = ?", (ref,))
        return None
    learn(shop, ref, answer.body)
    return answer.body


def learn(shop: Shop, ref: str, intent: dict[str, Any]) -> None:
    """Bring the basket to where its intent is."""
    before = shop.books.basket(ref)["state"]
    with shop.books.writing() as db:
        basket = db.execute("SELECT * FROM baskets WHERE ref = ?", (ref,)).fetchone()
        if basket["state"] in FINISHED_PAID:
            _reversed(db, basket, intent)
        else:
            _move(db, basket, intent)
    after = shop.books.basket(ref)["state"]
    if after != before:
        say("state", basket=ref, before=before, after=after)


def charge_id(intent: dict[str, Any]) -> str | None:
    """Give the id of the latest charge, expanded or not."""
    charge = intent.get("latest_charge")
    return charge.get("id") if isinstance(charge, dict) else charge


def refuse(db: sqlite3.Connection, ref: str, charge: str | None) -> None:
    """Book that this try was declined for certain."""
    close_letters(db, ref, "answered", "create", "confirm")
    set_basket(db, ref, state="refused", failed_charge=charge, bank_page=None)


def _move(db: sqlite3.Connection, basket: sqlite3.Row, intent: dict[str, Any]) -> None:
    ref, state, status = basket["ref"], basket["state"], intent.get("status")
    charge = charge_id(intent)
    # A charge that is known to have failed shows that this look is older than the failure.
    is_old = charge is not None and charge == basket["failed_charge"]
    match status:
        case "succeeded" if not is_old:
            _settle(db, basket, intent)
        case _ if state == "broken_off":
            return
        case "canceled":
            close_letters(db, ref, "void", "create", "confirm", "capture", "cancel")
            set_basket(db, ref, state="broken_off", bank_page=None)
        case _ if state == "reserved":
            return
        case "requires_capture" if not is_old:
            close_letters(db, ref, "answered", "create", "confirm")
            is_odd = _is_other_money(basket, intent)
            set_basket(db, ref, state="puzzling" if is_odd else "reserved", charge=charge, bank_page=None)
        case "processing" | "requires_action":
            _taken(db, basket, intent)
        case "requires_payment_method" | "requires_confirmation":
            letter = db.execute(
                "SELECT * FROM letters WHERE ref = ? AND kind = 'confirm' AND state IN ('open', 'taken')",
                (ref,),
            ).fetchone()
            if letter is not None and _has_failed(db, basket, letter, intent):
                refuse(db, ref, charge)


def _is_other_money(basket: sqlite3.Row, intent: dict[str, Any]) -> bool:
    return str(intent.get("currency")).upper() != str(basket["currency"])


def _settle(db: sqlite3.Connection, basket: sqlite3.Row, intent: dict[str, Any]) -> None:
    ref, currency = basket["ref"], basket["currency"]
    captured = from_stripe(intent.get("amount_received"), currency)
    close_letters(db, ref, "answered", "create", "confirm", "capture")
    close_letters(db, ref, "void", "cancel")
    is_other_money = _is_other_money(basket, intent)
    is_short = (
        intent.get("amount_received") != intent.get("amount") and intent.get("capture_method") != "manual"
    )
    if is_other_money or is_short or captured > basket["price"]:
        say("Stripe took something else than was asked", basket=ref)
        kept = 0 if is_other_money else captured
        set_basket(db, ref, state="puzzling", captured=kept, charge=charge_id(intent), bank_page=None)
        return
    set_basket(db, ref, state="settled", captured=captured, charge=charge_id(intent), bank_page=None)
    if basket["is_dropped"] or basket["state"] == "broken_off":
        db.execute(
            "INSERT OR IGNORE INTO refunds (ref, receipt, amount, key) VALUES (?, 'dropped', ?, ?)",
            (ref, captured, new_key()),
        )
        return
    db.execute("INSERT OR IGNORE INTO parcels (ref) VALUES (?)", (ref,))


def _taken(db: sqlite3.Connection, basket: sqlite3.Row, intent: dict[str, Any]) -> None:
    changed = db.execute(
        "UPDATE letters SET state = 'taken' "
        "WHERE ref = ? AND kind = 'confirm' AND state = 'open' AND tries > 0",
        (basket["ref"],),
    )
    action = (intent.get("next_action") or {}).get("redirect_to_url") or {}
    page = action.get("url") if intent["status"] == "requires_action" else None
    if changed.rowcount or page != basket["bank_page"]:
        db.execute("UPDATE baskets SET bank_page = ? WHERE ref = ?", (page, basket["ref"]))


def _has_failed(
    db: sqlite3.Connection, basket: sqlite3.Row, letter: sqlite3.Row, intent: dict[str, Any]
) -> bool:
    """Say whether the latest confirm was declined, and not one before it, nor that it never arrived."""
    if not intent.get("last_payment_error") or not letter["tries"]:
        return False
    if letter["state"] == "taken":
        return True
    charge = charge_id(intent)
    if charge is not None and charge != basket["failed_charge"]:
        return True
    confirms = db.execute(
        "SELECT count(*) FROM letters WHERE ref = ? AND kind = 'confirm' AND state != 'void'",
        (basket["ref"],),
    ).fetchone()[0]
    return bool(confirms == 1)


def _reversed(db: sqlite3.Connection, basket: sqlite3.Row, intent: dict[str, Any]) -> None:
    charge = intent.get("latest_charge")
    if (
        not isinstance(charge, dict)
        or charge.get("status") != "failed"
        or charge.get("id") != basket["charge"]
    ):
        return
    set_basket(db, basket["ref"], state="refused", captured=0, failed_charge=charge["id"])

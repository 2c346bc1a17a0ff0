"""Checking out, shipping and dropping: write the letter, send it, look where its answer is missing."""

from __future__ import annotations

import json
import sqlite3

from books import close_letters, is_due, set_basket, write_letter
from door import Answer, Deadline, Unknown
from learning import charge_id, learn, look, refuse
from money import to_stripe
from refunding import carry_refunds
from shop import FINISHED_PAID, Forbidden, NotYet, Shop, say


def check_out(shop: Shop, ref: str, card: str, deadline: Deadline) -> None:
    """Pay or reserve with a card, or carry on the payment that is under way."""
    basket = shop.books.basket(ref)
    if basket["state"] in ("settled", "reserved") and not basket["is_dropped"]:
        return
    if basket["state"] == "waiting" and not basket["is_dropped"]:
        letter = shop.books.letter(ref, "confirm")
        carry_payment(shop, ref, deadline)
        basket = shop.books.basket(ref)
        is_same = letter is not None and letter["card"] == card
        if basket["state"] != "refused" or is_same:
            return
    if basket["is_dropped"] or basket["state"] not in ("basket", "refused"):
        raise Forbidden
    with shop.books.writing() as db:
        _begin(db, basket, card, shop.own_url)
    carry_payment(shop, ref, deadline)


def _begin(db: sqlite3.Connection, basket: sqlite3.Row, card: str, own_url: str) -> None:
    ref = basket["ref"]
    if basket["intent"] is None:
        _write_create(db, basket)
    form: dict[str, object] = {"payment_method": card, "return_url": f"{own_url}/baskets/{ref}/return"}
    write_letter(db, ref, "confirm", "", form, card=card)
    set_basket(db, ref, state="waiting", bank_page=None)


def _write_create(db: sqlite3.Connection, basket: sqlite3.Row) -> None:
    form: dict[str, object] = {
        "amount": to_stripe(basket["price"], basket["currency"]),
        "currency": basket["currency"].lower(),
        "capture_method": basket["take"],
        "automatic_payment_methods[enabled]": "true",
        "metadata[basket]": basket["ref"],
    }
    write_letter(db, basket["ref"], "create", "/v1/payment_intents", form)


def carry_payment(shop: Shop, ref: str, deadline: Deadline) -> None:
    """Bring a waiting payment as far as it goes now."""
    if shop.books.basket(ref)["intent"] is None and not _create(shop, ref, deadline):
        return
    letter = shop.books.letter(ref, "confirm")
    if letter is None:
        return
    if letter["tries"]:
        if not look(shop, ref, deadline):
            return
        letter = shop.books.letter(ref, "confirm")
        if letter is None or letter["state"] == "taken":
            return
    intent = shop.books.basket(ref)["intent"]
    _send(shop, letter, f"/v1/payment_intents/{intent}/confirm", deadline)


def _create(shop: Shop, ref: str, deadline: Deadline) -> bool:
    letter = shop.books.letter(ref, "create")
    if letter is None or not is_due(letter):
        return False
    shop.books.sending("letters", letter["id"])
    try:
        answer = shop.door.post(letter["path"], json.loads(letter["form"]), letter["key"], deadline)
    except Unknown as reason:
        say("no answer", basket=ref, letter="create", reason=reason)
        shop.books.put_off("letters", letter["id"], reason.wait_s)
        if reason.is_stored:
            # It was never confirmed, so it can hold no money, even if it exists.
            shop.books.rekey("letters", letter["id"])
        return False
    with shop.books.writing() as db:
        if not answer.is_ok:
            refuse(db, ref, None)
            say("state", basket=ref, before="waiting", after="refused", status=answer.status)
            return False
        close_letters(db, ref, "answered", "create")
        set_basket(db, ref, intent=answer.body["id"])
    return True


def _send(shop: Shop, letter: sqlite3.Row, path: str, deadline: Deadline) -> None:
    """Send a confirm, capture or cancel that may be sent now, and learn what came of it."""
    ref, kind = letter["ref"], letter["kind"]
    if not is_due(letter):
        return
    shop.books.sending("letters", letter["id"])
    try:
        answer = shop.door.post(path, json.loads(letter["form"]), letter["key"], deadline)
    except Unknown as reason:
        say("no answer", basket=ref, letter=kind, reason=reason)
        shop.books.put_off("letters", letter["id"], reason.wait_s)
        if reason.is_stored and look(shop, ref, deadline):
            shop.books.rekey("letters", letter["id"])
        return
    say("answer", basket=ref, letter=kind, status=answer.status)
    _read(shop, letter, answer, deadline)


def _read(shop: Shop, letter: sqlite3.Row, answer: Answer, deadline: Deadline) -> None:
    ref, kind = letter["ref"], letter["kind"]
    if answer.is_ok and not answer.is_replayed:
        learn(shop, ref, answer.body)
    elif answer.is_ok:
        # A replay tells how it was then. It proves that the letter arrived; the present is asked for.
        learn(shop, ref, answer.body)
        look(shop, ref, deadline)
    elif answer.status == 402 and kind == "confirm":
        error = answer.body.get("error") or {}
        with shop.books.writing() as db:
            refuse(db, ref, error.get("charge") or charge_id(error.get("payment_intent") or {}))
        say("state", basket=ref, before="waiting", after="refused")
    elif look(shop, ref, deadline):
        _refused_letter(shop, letter)


def _refused_letter(shop: Shop, letter: sqlite3.Row) -> None:
    """End a letter that Stripe refused, where looking did not end it already."""
    ref, kind = letter["ref"], letter["kind"]
    with shop.books.writing() as db:
        state = db.execute("SELECT state FROM letters WHERE id = ?", (letter["id"],)).fetchone()["state"]
        if state != "open":
            return
        close_letters(db, ref, "void", kind)
        if kind == "confirm":
            basket = db.execute("SELECT failed_charge FROM baskets WHERE ref = ?", (ref,)).fetchone()
            set_basket(db, ref, state="refused", failed_charge=basket["failed_charge"])


def ship(shop: Shop, ref: str, amount: int | None, deadline: Deadline) -> None:
    """Take reserved money; the same ship again changes nothing."""
    basket = shop.books.basket(ref)
    asked = basket["price"] if amount is None else amount
    last = shop.books.row(
        "SELECT * FROM letters WHERE ref = ? AND kind = 'capture' AND state != 'void' ORDER BY id DESC", ref
    )
    if basket["state"] == "settled" and last is not None and last["amount"] == asked:
        return
    if basket["state"] != "reserved" or basket["is_dropped"] or asked > basket["price"]:
        raise Forbidden
    letter = shop.books.letter(ref, "capture")
    if letter is None:
        form: dict[str, object] = {"amount_to_capture": to_stripe(asked, basket["currency"])}
        with shop.books.writing() as db:
            write_letter(db, ref, "capture", "", form, amount=asked)
    elif letter["amount"] != asked:
        raise Forbidden
    carry_ship(shop, ref, deadline)
    if shop.books.basket(ref)["state"] not in FINISHED_PAID:
        raise NotYet if shop.books.letter(ref, "capture") is not None else Forbidden


def carry_ship(shop: Shop, ref: str, deadline: Deadline) -> None:
    """Send an open ship, after a look where it was sent before."""
    _carry(shop, ref, "capture", deadline)


def _carry(shop: Shop, ref: str, kind: str, deadline: Deadline) -> None:
    letter = shop.books.letter(ref, kind)
    if letter is not None and letter["tries"]:
        if not look(shop, ref, deadline):
            return
        letter = shop.books.letter(ref, kind)
    if letter is not None:
        intent = shop.books.basket(ref)["intent"]
        _send(shop, letter, f"/v1/payment_intents/{intent}/{kind}", deadline)


def drop(shop: Shop, ref: str, deadline: Deadline) -> None:
    """Give a basket up; money that was taken by then goes back."""
    basket = shop.books.basket(ref)
    if basket["state"] == "broken_off":
        return
    is_shipping = shop.books.letter(ref, "capture") is not None
    if not basket["is_dropped"] and (basket["state"] in FINISHED_PAID or is_shipping):
        raise Forbidden
    with shop.books.writing() as db:
        set_basket(db, ref, is_dropped=1)
    carry_drop(shop, ref, deadline)
    basket = shop.books.basket(ref)
    if basket["state"] not in ("broken_off", "given_back"):
        raise NotYet


def carry_drop(shop: Shop, ref: str, deadline: Deadline) -> None:
    """Bring a wish to drop as far as it goes now."""
    with shop.books.writing() as db:
        basket = db.execute("SELECT * FROM baskets WHERE ref = ?", (ref,)).fetchone()
        confirmed = db.execute(
            "SELECT count(*) FROM letters WHERE ref = ? AND kind = 'confirm' AND tries > 0", (ref,)
        ).fetchone()[0]
        if not confirmed and basket["state"] in ("basket", "waiting", "refused"):
            close_letters(db, ref, "void", "create", "confirm")
            set_basket(db, ref, state="broken_off")
            return
        db.execute(
            "UPDATE letters SET state = 'void' "
            "WHERE ref = ? AND kind = 'confirm' AND state = 'open' AND tries = 0",
            (ref,),
        )
        if basket["state"] in ("waiting", "refused", "reserved", "puzzling"):
            is_open = "SELECT 1 FROM letters WHERE ref = ? AND kind = 'cancel' AND state = 'open'"
            if db.execute(is_open, (ref,)).fetchone() is None:
                write_letter(db, ref, "cancel", "", {"cancellation_reason": "requested_by_customer"})
    _carry(shop, ref, "cancel", deadline)
    if shop.books.basket(ref)["state"] in FINISHED_PAID:
        carry_refunds(shop, ref, deadline)

"""The bookshop's HTTP API; started as `python app.py --port 8000`."""

from __future__ import annotations

import argparse
import json
import os
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from books import Books
from door import Deadline, Door
from looking import look_at, reconcile
from money import check_currency, to_minor, to_text
from paying import check_out, drop, ship
from refunding import give_back, given_back
from shop import FINISHED_PAID, Forbidden, NotYet, Shop, say

_PLACE = re.compile(r"/baskets/([A-Za-z0-9_-]{1,64})(?:/([a-z-]+))?")
_CARD = re.compile(r"[A-Za-z0-9_]{1,100}")
_RECEIPT = re.compile(r"[A-Za-z0-9_-]{1,100}")
_BODY_MAX = 65_536


class NoSuchBasket(Exception):
    """Nobody has put such a basket."""


def show(shop: Shop, ref: str) -> dict[str, Any]:
    """Give what the shop knows about a basket."""
    basket = shop.books.basket(ref)
    currency = basket["currency"]
    parcels = shop.books.rows("SELECT 1 FROM parcels WHERE ref = ?", ref)
    shown = {
        "basket": ref,
        "state": basket["state"],
        "price": to_text(basket["price"], currency),
        "currency": currency,
        "settled": to_text(basket["captured"], currency),
        "given_back": to_text(given_back(shop, ref), currency),
        "stripe": [basket["intent"]] if basket["intent"] else [],
        "parcels": len(parcels),
    }
    return shown | ({"bank_page": basket["bank_page"]} if basket["bank_page"] else {})


def put(shop: Shop, ref: str, body: dict[str, Any]) -> int:
    """Make a basket, or see that it is the one that is there."""
    currency = check_currency(body.get("currency"))
    price, take = to_minor(body.get("price"), currency), body.get("take", "automatic")
    if take not in ("automatic", "manual"):
        raise ValueError("take is automatic or manual")
    with shop.books.writing() as db:
        db.execute(
            "INSERT OR IGNORE INTO baskets (ref, price, currency, take) VALUES (?, ?, ?, ?)",
            (ref, price, currency, take),
        )
        basket = db.execute("SELECT * FROM baskets WHERE ref = ?", (ref,)).fetchone()
        if (basket["price"], basket["currency"], basket["take"]) != (price, currency, take):
            raise Forbidden
    return 200


def _checkout(shop: Shop, ref: str, body: dict[str, Any], deadline: Deadline) -> int:
    card = body.get("card")
    if not isinstance(card, str) or not _CARD.fullmatch(card):
        raise ValueError("card is the id of a payment method")
    check_out(shop, ref, card, deadline)
    return _paid_status(shop, ref)


def _return(shop: Shop, ref: str, _body: dict[str, Any], deadline: Deadline) -> int:
    if shop.books.basket(ref)["state"] == "waiting":
        look_at(shop, ref, deadline)
    return _paid_status(shop, ref)


def _paid_status(shop: Shop, ref: str) -> int:
    state = shop.books.basket(ref)["state"]
    if state == "reserved" or state in FINISHED_PAID:
        return 200
    return {"refused": 402, "broken_off": 409}.get(state, 202)


def _ship(shop: Shop, ref: str, body: dict[str, Any], deadline: Deadline) -> int:
    ship(shop, ref, _amount(shop, ref, body), deadline)
    return 200


def _give_back(shop: Shop, ref: str, body: dict[str, Any], deadline: Deadline) -> int:
    receipt = body.get("receipt")
    if receipt is not None and (not isinstance(receipt, str) or not _RECEIPT.fullmatch(receipt)):
        raise ValueError("receipt is a word")
    give_back(shop, ref, receipt, _amount(shop, ref, body), deadline)
    return 200


def _drop(shop: Shop, ref: str, _body: dict[str, Any], deadline: Deadline) -> int:
    drop(shop, ref, deadline)
    return 200


def _amount(shop: Shop, ref: str, body: dict[str, Any]) -> int | None:
    text = body.get("amount")
    return None if text is None else to_minor(text, shop.books.basket(ref)["currency"])


_DOINGS: dict[tuple[str, str], Callable[[Shop, str, dict[str, Any], Deadline], int]] = {
    ("POST", "checkout"): _checkout,
    ("GET", "return"): _return,
    ("POST", "ship"): _ship,
    ("POST", "give-back"): _give_back,
    ("POST", "drop"): _drop,
}


def answer(shop: Shop, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Give the HTTP status and the body of an answer."""
    if (method, path) == ("GET", "/alive"):
        return 200, {"alive": True}
    if (method, path) == ("POST", "/admin/reconcile"):
        return 200, reconcile(shop, shop.deadline())
    found = _PLACE.fullmatch(path)
    if found is None:
        return 404, {"problem": "no such place"}
    ref, doing = found[1], found[2]
    try:
        status = _do(shop, method, ref, doing, body)
    except NoSuchBasket:
        return 404, {"problem": "no such basket"}
    except ValueError as error:
        return 400, {"problem": str(error)}
    except NotYet:
        status = 202
    except Forbidden:
        status = 409
    return status, show(shop, ref)


def _do(shop: Shop, method: str, ref: str, doing: str | None, body: dict[str, Any]) -> int:
    if doing is None and method == "PUT":
        return put(shop, ref, body)
    work = _DOINGS.get((method, doing or ""))
    if shop.books.row("SELECT 1 FROM baskets WHERE ref = ?", ref) is None or (work is None and doing):
        raise NoSuchBasket
    if work is None:
        return 200
    deadline = shop.deadline()
    with shop.turn(ref, deadline):
        return work(shop, ref, body, deadline)


class Desk(BaseHTTPRequestHandler):
    """Reads a request and writes its answer in one piece."""

    protocol_version = "HTTP/1.1"
    server_version = "bookshop"
    sys_version = ""
    wbufsize = _BODY_MAX
    timeout = 30
    shop: Shop

    def do_GET(self) -> None:
        """Answer any method."""
        try:
            body = self._body()
            if body is None:
                self.close_connection = True
                status, shown = 400, {"problem": "the body is no JSON object, or is too large"}
            else:
                status, shown = answer(self.shop, self.command, self.path.partition("?")[0], body)
        except Exception as error:  # noqa: BLE001 - the last door: a bug must not cost the shopper an answer
            say("bug", kind=type(error).__name__, place=self.path.partition("?")[0])
            status, shown = 500, {"problem": "our fault; the outcome is not known"}
        raw = json.dumps(shown).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_POST = do_PUT = do_GET  # noqa: N815 - as above

    def _body(self) -> dict[str, Any] | None:
        try:
            length = int(self.headers.get("Content-Length") or 0)
            if not 0 <= length <= _BODY_MAX:
                return None
            body = json.loads(self.rfile.read(length) or b"{}")
        except ValueError:
            return None
        return body if isinstance(body, dict) else None

    def log_message(self, *_: object) -> None:
        """Keep quiet: what matters is logged where it happens."""


class Front(ThreadingHTTPServer):
    """A thread for each connection."""

    daemon_threads = True
    request_queue_size = 128


def _poll(shop: Shop, every_s: float) -> None:
    pause = threading.Event()
    while not pause.wait(every_s):
        reconcile(shop, shop.deadline())


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    settings = os.environ
    Desk.shop = shop = Shop(
        Books(settings.get("BOOKSHOP_FILE", "bookshop.sqlite")),
        Door(settings.get("STRIPE_URL", "https://api.stripe.com"), settings["STRIPE_KEY"]),
        own_url=f"http://127.0.0.1:{port}",
        deadline_s=int(settings.get("BOOKSHOP_DEADLINE_MS", "700")) / 1000,
    )
    every_ms = int(settings.get("BOOKSHOP_POLL_MS", "0"))
    if every_ms:
        threading.Thread(target=_poll, args=(shop, every_ms / 1000), daemon=True).start()
    with Front(("127.0.0.1", port), Desk) as front:
        say("open", port=front.server_port)
        front.serve_forever()


if __name__ == "__main__":
    main()

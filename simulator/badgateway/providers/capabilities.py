"""Which provider can do what: a table for the README, made of what the dialects themselves say and do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from badgateway.ground.duration import duration_text
from badgateway.payments.decisions import CARDS
from badgateway.providers import DIALECTS
from badgateway.providers.base import (
    OPERATIONS,
    Account,
    Batches,
    Dialect,
    Endpoint,
    Keeps,
    KnowsStrangers,
    Registers,
    Retells,
    Settling,
    SignsInside,
    Subscribes,
    Wallets,
    WireEvent,
    key_rules_of,
    patience_of,
    signer_of,
    signs_moment,
)
from badgateway.providers.declared.dialect import Declared

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- capabilities: made by providers/capabilities.py -->", "<!-- end of capabilities -->"
_YES, _NO = "yes", "no"
_OFFERED: Mapping[str, type] = {
    "several events in a request": Batches,
    "two events of one fact": Retells,
    "events of other types": KnowsStrangers,
    "endpoints registered by API": Registers,
    "endpoints that choose events": Subscribes,
    "tells cards apart": Wallets,
    "comes back after a kill": Keeps,
}


def table() -> str:
    """Give the table as Markdown: a row for each capability, a column for each provider."""
    dialects = tuple(DIALECTS)
    rows = [("", *(f"`{one.name}`" for one in dialects)), ("---",) * (len(dialects) + 1)]
    rows += [(what, *(say(one) for one in dialects)) for what, say in _ROWS.items()]
    rows += [
        (what, *(_YES if isinstance(one, kind) else _NO for one in dialects))
        for what, kind in _OFFERED.items()
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def in_readme(text: str) -> str:
    """Give the text of the README with the table of today between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def _routes(dialect: Dialect) -> tuple[Any, ...]:
    if isinstance(dialect, Declared):
        return dialect.spec.routes
    return tuple(import_module(f"badgateway.providers.{dialect.name}.routes").ROUTES)


def _operations(dialect: Dialect) -> str:
    routes = _routes(dialect)
    found = {getattr(route, "does", None) or getattr(route, "op", None) for route in routes}
    return " ".join(op for op in OPERATIONS if op in found)


def _declined(dialect: Dialect) -> str:
    cards = [word for word in dialect.cards if CARDS[word].kind == "declined"]
    return f"{len(cards)} kinds"


def _card(*words: str) -> Callable[[Dialect], str]:
    return lambda dialect: _YES if any(word in dialect.cards for word in words) else _NO


def _asynchronous(dialect: Dialect) -> str:
    if isinstance(dialect, Declared):
        found = {route.does for route in dialect.spec.routes if route.is_asynchronous}
    else:
        found = set(getattr(dialect, "asynchronous", ()))
    return " ".join(op for op in OPERATIONS if op in found) or _NO


def _keys(dialect: Dialect) -> str:
    if isinstance(dialect, Declared):
        places = {route.key.header or route.key.body for route in dialect.spec.routes} - {None}
        if not places:
            return "none"
        (place,) = places
        other = "" if not dialect.spec.is_replayed_whatever else ", whatever else is asked"
        return f"{place}, {duration_text(key_rules_of(dialect).retention_ms)}{other}"
    said = getattr(dialect, "idempotency", None)
    return said or f"Idempotency-Key, {duration_text(key_rules_of(dialect).retention_ms)}"


def _signature(dialect: Dialect) -> str:
    if isinstance(dialect, SignsInside):
        return "in the body"
    # Nothing of an account is asked for a header's name but what its shelf may hold.
    account = cast("Account", SimpleNamespace(shelf={}, home=""))
    event = WireEvent("1", None, "", b"{}", None, None)
    headers = signer_of(dialect, event, account)(b"{}", Endpoint("http://127.0.0.1", "secret"), 0)
    if isinstance(dialect, Declared):
        scheme = dialect.spec.webhooks.signature.scheme
    else:
        scheme = getattr(dialect, "scheme", "hmac")
    named = next((name for name, value in headers if len(value) >= 28), "")
    return f"{scheme}: {named}" if named else "none"


def _ladder(dialect: Dialect) -> str:
    gaps = dialect.retry_ladder_ms
    hours = round(sum(gaps) / 3_600_000)
    return f"{len(gaps)} in {hours} h" if hours < 100 else f"{len(gaps)} in {round(hours / 24)} d"


def _payouts(dialect: Dialect) -> str:
    is_told = not isinstance(dialect, Declared) or "payout.paid" in dialect.spec.webhooks.events
    return _YES if isinstance(dialect, Settling) and is_told else _NO


def _disputes(dialect: Dialect) -> str:
    is_told = not isinstance(dialect, Declared) or "dispute.opened" in dialect.spec.webhooks.events
    return _YES if is_told else _NO


_ROWS: Mapping[str, Callable[[Dialect], str]] = {
    "made of": lambda one: "one file" if isinstance(one, Declared) else "Python",
    "operations": _operations,
    "addresses": lambda one: str(len(_routes(one))),
    "accepted first, done later": _asynchronous,
    "declining cards": _declined,
    "asks the shopper (3-D Secure)": _card("authentication_required"),
    "methods that stay pending": _card("pending_then_succeeds", "pending_then_fails"),
    "bank debits, paid days later or returned": _card("bank_debit"),
    "refunds that fail later": _card("refund_fails_later"),
    "idempotency key, how long": _keys,
    "webhook signature": _signature,
    "signature tells its moment": lambda one: _YES if signs_moment(one) else _NO,
    "retries": _ladder,
    "waits for an answer": lambda one: duration_text(patience_of(one).deadline_ms),
    "tells of disputes": _disputes,
    "tells of payouts": _payouts,
}


if __name__ == "__main__":
    README.write_text(in_readme(README.read_text(encoding="utf-8")), encoding="utf-8")

"""Where the gateway hands out its settlement reports, to whoever has an account's API key."""

from __future__ import annotations

import base64
import json
from binascii import Error as NotBase64
from collections.abc import Sequence
from typing import Protocol, runtime_checkable
from urllib.parse import parse_qs

from badgateway.errors import nearest
from badgateway.faults.base import Effect
from badgateway.ground.message import Reply, Request
from badgateway.payments.report_file import CSV, FORMATS, JSON
from badgateway.payments.reports import Report, reports_of, summary
from badgateway.payments.settlement import FLAWS
from badgateway.play.account import Account
from badgateway.play.keeping import PAY_OUT, SETTLE, keep_settlement
from badgateway.play.telling import tell
from badgateway.play.world import World

PREFIX = "/settlement"  # what {settlement.url} ends in
LIST = f"{PREFIX}/reports"
_ENDINGS = {".csv": CSV, ".json": JSON}
_HEADERS = (("content-type", JSON),)
_WHO = Reply(401, b'{"error": "send the API key of the account: Authorization: Bearer KEY"}', _HEADERS)
_NONE = Reply(404, b'{"error": "there is no such report, or it is not handed out yet"}', _HEADERS)
_HOW = Reply(405, b'{"error": "reports are read with GET"}', _HEADERS)
PAYOUTS = f"{PREFIX}/payouts"
_CAUSE = "act:payout"


@runtime_checkable
class SpellsIds(Protocol):
    """What a dialect also offers whose provider calls refunds and disputes otherwise than the book does."""

    name: str

    def shown_id(self, known: str) -> str:
        """Give the id as it travels."""


def is_for_reports(request: Request) -> bool:
    """Say whether a request asks for settlement reports."""
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")


def key_of(request: Request) -> str | None:
    """Give the API key of a request: a bearer token, or the user of Basic authentication."""
    scheme, _, said = (request.header("authorization") or "").partition(" ")
    if scheme.lower() == "bearer":
        return said.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(said, validate=True).decode().partition(":")[0] or None
    except (NotBase64, UnicodeDecodeError):
        return None


class Handout:
    """One look at the reports; implements `play.seam.Exchange`. Never parks at a gate, and moves nothing.

    GET {settlement.url}/reports lists them, GET {settlement.url}/reports/ID gives one as its `Accept` says:
    application/json, or else text/csv; an ending .csv or .json says it as well. Where nobody plays a story,
    POST {settlement.url}/payouts settles and pays out what has moved, ?flaw=WORD with one line told wrongly.
    """

    def __init__(self, worlds: Sequence[World], request: Request) -> None:
        self._request, self._key = request, key_of(request) or "no key"
        self._worlds = [world for world in worlds if any(one.api_key == self._key for one in world.accounts)]
        for world in self._worlds:
            world.watch.look("URL", f"{request.path}?{request.query}", world)

    async def admit(self) -> Effect | None:
        """Wait for nothing."""
        return None

    def commit(self) -> Reply:
        """Give the list, or one report as a file."""
        path = self._request.path.rstrip("/")
        if not self._worlds:
            return _WHO
        if self._request.method == "POST" and path == PAYOUTS:
            return self._paid_out()
        if self._request.method != "GET":
            return _HOW
        if path == LIST:
            return self._list()
        return self._file(path.removeprefix(f"{LIST}/")) if path.startswith(f"{LIST}/") else _NONE

    async def release(self, reply: Reply) -> Effect:
        """Send it as it is."""
        return Effect(reply)

    def finished(self, *, is_complete: bool, bytes_sent: int) -> None:  # noqa: ARG002 - the seam tells both
        """Wake whoever waits: something has moved."""
        for world in self._worlds:
            world.gates.note()

    def _list(self) -> Reply:
        told = []
        for world in self._worlds:
            now_ms = world.clock.now_ms()
            told += [summary(one, now_ms) for one in self._reports(world)]
            world.journal.write("settlement.fetched", report=None, format=JSON, status=200)
        return Reply(200, json.dumps({"reports": told}, indent=1).encode(), _HEADERS)

    def _paid_out(self) -> Reply:
        """Settle what has moved in the accounts with the key, pay it out, and list the new reports."""
        flaw = parse_qs(self._request.query).get("flaw", [None])[0]
        if flaw not in {None, *FLAWS}:
            return Reply(400, _said(f"no such flaw: {flaw!r}{nearest(str(flaw), FLAWS)}"), _HEADERS)
        free = [world for world in self._worlds if world.is_free]
        if not free:
            return Reply(409, _said("while a story is played, its steps settle and pay out"), _HEADERS)
        told = []
        for world in free:
            known = {report.id for report in self._reports(world)}
            for account in self._accounts(world):
                keep_settlement(world, account, SETTLE, {"flaw": flaw}, _CAUSE)
                account.book.settlement.settle(_CAUSE, flaw)
                keep_settlement(world, account, PAY_OUT, {"late_ms": 0}, _CAUSE)
                account.book.settlement.pay_out(_CAUSE)
            tell(world)
            now_ms = world.clock.now_ms()
            told += [summary(one, now_ms) for one in self._reports(world) if one.id not in known]
        return Reply(200, json.dumps({"reports": told}, indent=1).encode(), _HEADERS)

    def _file(self, name: str) -> Reply:
        ending = next((one for one in _ENDINGS if name.endswith(one)), "")
        wanted = self._request.header("accept") or ""
        kind = _ENDINGS.get(ending) or (JSON if JSON in wanted and CSV not in wanted else CSV)
        for world in self._worlds:
            for report in self._reports(world):
                if report.id == name.removesuffix(ending):
                    is_ready = report.is_ready(world.clock.now_ms())
                    status = 200 if is_ready else 404
                    world.journal.write("settlement.fetched", report=report.id, format=kind, status=status)
                    return _written(report, kind) if is_ready else _NONE
        return _NONE

    def _reports(self, world: World) -> list[Report]:
        """Give the reports of every account of this world that has the key."""
        return [report for account in self._accounts(world) for report in reports_in(world, account)]

    def _accounts(self, world: World) -> list[Account]:
        """Give the accounts that have the key, and those at the gateways that stand behind them."""
        own = [one for one in world.accounts if one.api_key == self._key]
        before = {(one.dialect.name, one.merchant) for one in own}
        held = [one for one in world.accounts if (one.held_by, one.merchant) in before]
        return [*own, *held]


def reports_in(world: World, account: Account) -> tuple[Report, ...]:
    """Give the reports of one account, with the merchant's references as the provider was told them."""

    def reference(payment_id: str) -> str | None:
        payment = account.book.payment(payment_id)
        told = (payment.order_ref if payment is not None else None) or ""
        return next((own for own in world.orders if own in told), told or None)

    spelling = account.dialect
    shown = spelling.shown_id if isinstance(spelling, SpellsIds) else str
    return reports_of(account.book.settlement, reference, shown)


def _said(what: str) -> bytes:
    return json.dumps({"error": what}).encode()


def _written(report: Report, kind: str) -> Reply:
    ending = "csv" if kind == CSV else "json"
    named = ("content-disposition", f'attachment; filename="{report.id}.{ending}"')
    charset = "; charset=utf-8; header=present" if kind == CSV else ""
    headers = (("content-type", f"{kind}{charset}"), ("etag", f'"{report.revision}"'), named)
    return Reply(200, FORMATS[kind](report), headers)

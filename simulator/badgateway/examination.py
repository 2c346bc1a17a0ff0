"""One real payment against the integration, as `badgateway doctor` makes it, and what it showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from badgateway.integration.doctor import Check, Trial, examine
from badgateway.integration.model import Description, OperationResult, ViewRead
from badgateway.journal.entry import Entry
from badgateway.plan.model import Order, Plan, Step
from badgateway.play.company import Company
from badgateway.play.limbo import empty_plan, make_limbo
from badgateway.play.switchboard import Worlds
from badgateway.server.edge import Edge

AMOUNT_MINOR, CURRENCY = 4999, "EUR"


async def doctor(
    description: Description, *, workdir: Path, extra_arguments: Sequence[str] = ()
) -> list[Check]:
    """Start the integration, pay one order of 49.99 EUR, and say what was mapped and what cannot be judged.

    Raises IntegrationDown where it does not start or dies.
    """
    worlds, plan = Worlds(make_limbo()), _one_payment()
    async with (
        Edge(worlds) as edge,
        Company(
            description, worlds, edge.url, workdir, plan.provider, extra_arguments=extra_arguments
        ) as company,
    ):
        player = company.players[0]

        async def try_payment() -> Trial:
            return _trial(await company.perform(player, plan, "main", workdir / "doctor.ndjson"))

        return await examine(player.handle, try_payment)


def _one_payment() -> Plan:
    shopper = {"name": "Dora Doctor", "email": "dora@example.com"}
    order = Order("o1", AMOUNT_MINOR, CURRENCY, "automatic", "approved", shopper)
    return replace(
        empty_plan(), scenario="doctor", title="one payment", orders=(order,), steps=(Step(1, "pay", "o1"),)
    )


def _trial(entries: Sequence[Entry]) -> Trial:
    def found(kind: str) -> list[Entry]:
        return [entry for entry in entries if entry.kind == kind]

    paid = [entry.data for entry in found("op.returned") if entry.data["do"] == "pay"]
    views, ledger, calls = found("view.read"), found("ledger.entry"), found("call.arrived")
    view = views[-1].data if views else None
    return Trial(
        amount_minor=AMOUNT_MINOR,
        currency=CURRENCY,
        paid=OperationResult(
            *(paid[0][name] for name in ("outcome", "http_status", "status", "elapsed_ms", "problem"))
        )
        if paid
        else OperationResult("info", None, None, 0.0, "the order could not be opened"),
        view=ViewRead(None, is_readable=False, problem="it was never read")
        if view is None
        else ViewRead(
            view["status"],
            view["raw"],
            view["paid_minor"],
            view["refunded_minor"],
            view["currency"],
            tuple(view["refs"]) if view["refs"] is not None else None,
            view["effects"],
            is_readable=view["is_readable"],
            problem=view["problem"],
        ),
        calls=len(calls),
        captured_minor=sum(entry.data["amount_minor"] for entry in ledger if entry.data["kind"] == "capture"),
        payments=tuple(dict.fromkeys(entry.data["payment"] for entry in ledger)),
        is_reference_seen=calls[0].data["is_ours"] if calls else None,
        webhooks=tuple(entry.data["status"] for entry in found("webhook.answered")),
    )

"""What is written down beside the evidence, so that another world can be built from a world's journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict

from badgateway.errors import EnvironmentProblem
from badgateway.ground.message import Request
from badgateway.payments.commands import Command
from badgateway.play.account import Account
from badgateway.play.world import World
from badgateway.providers.base import Keeps, Parsed
from badgateway.webhooks.outbox import Item

SETTLE, ADJUST, PAY_OUT = "settle", "adjust", "pay_out"  # what its settlement is asked beside the commands
PROMPT = "trigger"  # what brings an event of its own about


def keep_request(
    world: World, call: str, order: str | None, request: Request, parsed: Parsed, account: Account
) -> None:
    """Write down what a call asks; raises EnvironmentProblem where there is no room left."""
    if not world.is_kept:
        return
    if world.journal.is_full:
        raise EnvironmentProblem("the state is full: nothing more can be kept; begin with another directory")
    dialect = account.dialect
    assert isinstance(dialect, Keeps), "only worlds of dialects that keep requests are kept"
    kept = dialect.kept(request)
    credential = "own" if parsed.credential == account.api_key else "other"
    world.journal.write(
        "call.request",
        order,
        call=call,
        method=kept.method,
        path=kept.path,
        query=kept.query,
        headers=[list(pair) for pair in kept.headers],
        body=_text(kept.body),
        credential="none" if parsed.credential is None else credential,
        account=world.accounts.index(account),
        key_ms=world.key_clock_ms(),
    )


def keep_command(world: World, account: Account, command: Command, cause: str, order: str | None) -> None:
    """Write down what somebody does to a book without a call."""
    values = {name: _plain(value) for name, value in asdict(command).items()}
    _keep(world, account, type(command).__name__, values, cause, order)


def keep_settlement(world: World, account: Account, what: str, values: Mapping[str, Any], cause: str) -> None:
    """Write down what somebody does beside the commands: one of SETTLE, ADJUST, PAY_OUT and PROMPT."""
    _keep(world, account, what, values, cause, None)


def keep_due(world: World, why: str) -> None:
    """Write down that everything was done that had fallen due by now."""
    if world.is_kept:
        world.journal.write("run.due", why=why)


def keep_conclusion(world: World, item: Item) -> None:
    """Write down that a delivery was sent as often as it was to be sent now."""
    if not world.is_kept:
        return
    for one in (item, *item.riders):
        world.journal.write(
            "webhook.concluded",
            one.order,
            event=one.event.id,
            planned=one.delivery,
            to=one.to or one.registered,
            is_told=one.is_answered_well,
            sent=one.delivered,
        )


def _keep(
    world: World, account: Account, command: str, values: Mapping[str, Any], cause: str, order: str | None
) -> None:
    if world.is_kept:
        n = world.accounts.index(account)
        world.journal.write("op.command", order, command=command, fields=values, account=n, cause=cause)


def _text(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value

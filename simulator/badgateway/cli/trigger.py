"""`badgateway trigger`: make a served provider send an event, by doing what brings it about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import click

from badgateway.cli.served import DEADLINE_MS, Served, addressed, ask, served, whose
from badgateway.errors import EnvironmentProblem, InputError, UnknownWord

if TYPE_CHECKING:
    from badgateway.integration.client import Client, Incoming
    from badgateway.providers.base import Dialect
    from badgateway.providers.stripe.triggers import Ask

STRIPE = "stripe"  # whose events are more than those of payments; they are made through its own API
_EPILOG = """\b
Examples:
  badgateway trigger payment_intent.succeeded --url http://127.0.0.1:4242 --api-key sk_test_1
  badgateway trigger checkout.session.completed
  badgateway trigger CHARGEBACK --provider adyen
  badgateway trigger AUTHORISATION --provider adyen --card insufficient_funds
  badgateway trigger ORDER_SUCCEEDED --provider euler
  badgateway trigger payment_captured --provider checkout
  badgateway trigger --list --provider adyen

Address and key are those that `badgateway serve --print-env` prints; where the shell has them as
STRIPE_URL and STRIPE_API_KEY (ADYEN_URL and ADYEN_API_KEY, ...), they need not be said. Without
--provider it is the one whose address is said, or the only one that the shell has an address of.
"""


@click.command("trigger", epilog=_EPILOG)
@click.argument("event", required=False)
@addressed("Whose event")
@click.option("--card", metavar="WORD", help="Pay with this card instead; not for Stripe's events.")
@click.option("--list", "is_listing", is_flag=True, help="Print the events that can be made.")
def command(
    event: str | None,
    provider: str | None,
    url: str | None,
    api_key: str | None,
    card: str | None,
    is_listing: bool,
) -> int:
    """Make a served provider send an event, by doing what brings it about.

    The event is a real one, with its payment in the ledger, and it is delivered, late or twice as the
    served scenario wants it. Its id is printed.
    """
    from badgateway.providers import DIALECTS
    from badgateway.providers.stripe.triggers import TRIGGERS
    from badgateway.server.loops import run

    dialect = DIALECTS[whose(provider, url)]
    known = _events(dialect)
    if is_listing:
        for name in known:
            click.echo(name)
        return 0
    if event is None:
        raise InputError("name an event, or use --list to see them")
    if event not in known:
        theirs = " or ".join(f"{other.name}'s" for other in DIALECTS if event in _events(other))
        if theirs:
            raise InputError(f"{event!r} is no event of {dialect.name}'s, but of {theirs}: say --provider")
        raise UnknownWord(f"event of {dialect.name}", event, known)
    there = served(dialect.name, url, api_key)
    if dialect.name != STRIPE:
        click.echo(run(_prompt(event, there, card)))
        return 0
    if card is not None:
        raise InputError("--card is not for Stripe's events: each of them has its own card")
    click.echo(run(_trigger(event, TRIGGERS[event], there.url, there.api_key)))
    return 0


def _events(dialect: Dialect) -> Mapping[str, object]:
    """Give the events of a provider that can be made, in its own words."""
    from badgateway.play.occasions import Prompted
    from badgateway.providers.stripe.triggers import TRIGGERS

    if dialect.name == STRIPE:
        return TRIGGERS
    return dialect.prompts if isinstance(dialect, Prompted) else {}


async def _prompt(event: str, there: Served, card: str | None) -> str:
    """Ask the server itself to bring an event about, and give the event's id."""
    from badgateway.play.prompting import PREFIX

    path = f"{PREFIX}/{quote(event, safe='')}"
    answer = await ask(there, "POST", f"{path}?{urlencode({'card': card})}" if card else path)
    shown = _document(answer)
    if answer.status == 200 and "event" in shown:
        return str(shown["event"])
    told = str(shown.get("error") or f"HTTP {answer.status}; is it another program?")
    raise (
        InputError(told)
        if answer.status in {404, 409}
        else EnvironmentProblem(f"{there.url} refused: {told}")
    )


async def _trigger(event: str, asks: tuple[Ask, ...], url: str, api_key: str) -> str:
    """Ask one after the other, and give the id of the newest event of the type."""
    from badgateway.integration.client import Client

    client = Client(DEADLINE_MS)
    try:
        ids: list[str] = []
        for ask in asks:
            form = {name: value.format(*ids) for name, value in ask.form.items()}
            answer = await _send(client, ask.method, url + ask.path.format(*ids), form, api_key)
            shown = _document(answer)
            # A decline is what some events are about; its error carries the object.
            error = shown.get("error") or {}
            if answer.status is None or (answer.status >= 400 and answer.status != 402):
                raise EnvironmentProblem(f"{url} refused: {error.get('message') or answer.problem}")
            found = shown.get("data") or [shown]
            ids.append(str(found[0].get("id") or ""))
        query = urlencode({"type": event, "limit": "1"})
        told = _document(await _send(client, "GET", f"{url}/v1/events?{query}", {}, api_key)).get("data")
    finally:
        await client.close()
    if not told:
        raise EnvironmentProblem(f"{url} made no event of type {event}; is it another program?")
    return str(told[0]["id"])


async def _send(client: Client, method: str, address: str, form: Mapping[str, str], api_key: str) -> Incoming:
    from badgateway.integration.client import Outgoing

    headers = {
        "Authorization": f"Bearer {api_key}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode(form).encode() if method == "POST" else None
    answer = await client.send(Outgoing(method, address, headers, body))
    if answer.problem is not None:
        raise EnvironmentProblem(f"{address}: {answer.problem}")
    return answer


def _document(answer: Incoming) -> dict[str, Any]:
    """Give an answer as JSON; a page for shoppers, or anything else, as nothing."""
    try:
        found = json.loads(answer.body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

"""`badgateway trigger`: make a served provider send an event, by doing what brings it about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import click

from badgateway.errors import EnvironmentProblem, InputError, UnknownWord

if TYPE_CHECKING:
    from badgateway.integration.client import Client, Incoming
    from badgateway.providers.stripe.triggers import Ask

DEADLINE_MS = 10_000
_EPILOG = """\b
Examples:
  badgateway trigger payment_intent.succeeded --url http://127.0.0.1:4242 --api-key sk_test_1
  badgateway trigger checkout.session.completed
  badgateway trigger --list

Address and key are those that `badgateway serve --print-env` prints; where the shell has them as
STRIPE_URL and STRIPE_API_KEY, they need not be said.
"""


@click.command("trigger", epilog=_EPILOG)
@click.argument("event", required=False)
@click.option("--url", envvar="STRIPE_URL", metavar="URL", help="Where the provider is served.")
@click.option("--api-key", envvar="STRIPE_API_KEY", metavar="KEY", help="The API key of the account.")
@click.option("--list", "is_listing", is_flag=True, help="Print the events that can be made.")
def command(event: str | None, url: str | None, api_key: str | None, is_listing: bool) -> int:
    """Make a served provider send an event, by doing what brings it about.

    The event is a real one, with its payment in the ledger, and it is delivered, late or twice as the
    served scenario wants it. Its id is printed.
    """
    from badgateway.providers.stripe.triggers import TRIGGERS
    from badgateway.server.loops import run

    if is_listing:
        for name in TRIGGERS:
            click.echo(name)
        return 0
    if event is None:
        raise InputError("name an event, or use --list to see them")
    if event.isupper():
        raise InputError(f"{event} is no event of Stripe's, and only those can be triggered by name")
    if event not in TRIGGERS:
        raise UnknownWord("event", event, TRIGGERS)
    if not url or not api_key:
        raise InputError("say --url and --api-key, as `badgateway serve --print-env` prints them")
    click.echo(run(_trigger(event, TRIGGERS[event], url.rstrip("/"), api_key)))
    return 0


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

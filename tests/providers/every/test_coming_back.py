"""Every provider comes back from what it wrote down: its book, shelf and keys, and what it has not told."""

import asyncio

import pytest

from badgateway.errors import InputError
from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.records import changed
from badgateway.journal.journal import Journal
from badgateway.journal.ndjson import read_journal, write_journal
from badgateway.play.freeplay import pass_time
from badgateway.play.limbo import empty_plan
from badgateway.play.rebuilding import rebuild
from badgateway.play.world import make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint, Keeps

from .conftest import API_KEY, SECRET

PROVIDERS = DIALECTS.names()
HOUR_MS = 3_600_000


async def a_long_day(one):
    """Ask for whatever a provider can do, right and wrong, and let a day pass."""
    voice = one.voice
    await voice.pay(4999, "EUR", reference="order17", key="key-number-1")
    await voice.pay(4999, "EUR", reference="order17", key="key-number-1")
    await voice.refund(1000, "EUR", key="key-number-2")
    await voice.refund(9000, "EUR")
    await voice.pay(2500, "EUR", manual=True, reference="order18")
    await voice.capture(500, "EUR", key="key-number-3")
    await voice.pay(2500, "EUR", manual=True, reference="order19")
    if voice.can("void"):
        await voice.void()
    for card in ("declined", "insufficient_funds", "refund_fails_later", "pending_then_succeeds"):
        if card in one.dialect.cards:
            await voice.pay(700, "EUR", card, reference=f"order{len(one.payments) + 20}")
            await voice.refund(None, "EUR")
    if "authentication_required" in one.dialect.cards:
        asked = await voice.pay(800, "EUR", "authentication_required", reference="order60")
        await one.visit(voice.page_of(asked), "pass")
    if voice.can("fetch"):
        await voice.fetch()
        await voice.fetch_unknown()
    await voice.pay_badly(without="amount")
    await voice.pay_badly(api_key="sk_test_of_somebody_else")
    for _ in range(30):
        pass_time(one.world, one.world.clock.now_ms() + 5 * HOUR_MS)


def state(world):
    account = world.account
    book, shelf = account.book, dict(account.shelf)
    # What became of each event of Stripe's is counted by its own rule, which has a test of its own.
    events = getattr(shelf.pop("stripe", None), "events", {})
    return (
        book.payments(),
        [book.refunds_of(one.id) for one in book.payments()],
        book.ledger.entries(),
        [event.id for event in events.values()],
        shelf,
        len(account.keys),
    )


def waiting(world):
    return {(one.event.id, one.event.body) for one in world.outbox.items}


def fresh(world, endpoint):
    clock = Clock()
    plan, ids = empty_plan(world.dialect.name), Ids(1, world.ids.nonce)
    made = make_world(plan, world.dialect, Journal(clock), clock, ids, API_KEY, endpoint)
    made.is_free = made.is_kept = True
    return made


def lived(bench, provider, tmp_path):
    """Let a provider live through a day that it writes down; give its world and what stands in the file."""

    async def main():
        async with bench(provider) as one:
            one.answers_with = 500
            one.world.is_kept = True
            one.world.journal.write("run.served", provider=provider, seed=1, nonce="n", api_version=None,
                                    webhook=one.hook, behind=[], rules=[])  # fmt: skip
            await a_long_day(one)
            return one.world, one.hook

    world, hook = asyncio.run(main())
    path = tmp_path / "journal.ndjson"
    write_journal(path, world.journal.entries)
    return world, hook, path


@pytest.mark.parametrize("provider", PROVIDERS)
def test_whatever_was_asked_comes_out_again(bench, provider, tmp_path):
    world, hook, path = lived(bench, provider, tmp_path)
    again = fresh(world, Endpoint(hook, SECRET))

    beyond = rebuild(again, read_journal(path), secret=SECRET)

    assert isinstance(world.dialect, Keeps)
    assert len(world.account.book.payments()) >= 5
    assert beyond == ()
    assert state(again) == state(world)
    # Nobody took any; those that were on their way when it ended wait again.
    assert waiting(world) <= waiting(again)
    made = [entry.data["event"] for entry in world.journal.entries if entry.kind == "event.created"]
    assert {event for event, _ in waiting(again)} == set(made)
    assert API_KEY not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_request_that_was_changed_is_found_out(bench, provider, tmp_path):
    world, hook, path = lived(bench, provider, tmp_path)
    entries = list(read_journal(path))
    at = next(n for n, one in enumerate(entries) if one.kind == "call.request" and one.data["body"])
    entries[at] = changed(entries[at], data={**entries[at].data, "body": "{}"})

    with pytest.raises(InputError, match=r"does not come out again|brings it about"):
        rebuild(fresh(world, Endpoint(hook, SECRET)), entries, secret=SECRET)

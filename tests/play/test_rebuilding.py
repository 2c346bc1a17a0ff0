"""A second simulator fed with the first one's journal ends in the same state, or says where it does not."""

import asyncio

import pytest

from badgateway.errors import InputError
from badgateway.ground.clock import Clock
from badgateway.ground.records import changed
from badgateway.journal.journal import Journal
from badgateway.journal.ndjson import read_journal, write_journal
from badgateway.plan.materialise import from_data
from badgateway.plan.model import Step
from badgateway.play.player import play
from badgateway.play.rebuilding import rebuild
from badgateway.play.world import make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint

DAY_MS = 86_400_000
STEPS = (
    Step(1, "pay", "o1"),
    Step(2, "refund_from_dashboard", "o1", amount_minor=500),
    Step(3, "fail_refund", "o1"),
    Step(4, "settle"),
    Step(5, "dispute", "o1"),
    Step(6, "advance", by_ms=2 * DAY_MS),
    Step(7, "payout"),
)


def played(lab, *faults):
    """Play a story that is kept, and give its world."""

    async def story():
        plan = lab.a_plan(steps=STEPS, faults=faults)
        async with lab.on_stage(plan) as (stage, shop, _):
            stage.world.is_kept = True
            await play(stage.world, shop, stage.courier, "main")
            return stage.world

    return asyncio.run(story())


def fresh(lab, entries):
    """Give a world that has seen nothing, as the first entry of a journal describes it."""
    started = next(entry for entry in entries if entry.kind == "run.started")
    plan, clock = from_data(started.data["plan"]), Clock()
    ids = lab.Ids(1, started.data["nonce"])
    endpoint = Endpoint(lab.NOWHERE, lab.SECRET)
    return make_world(plan, DIALECTS["stripe"], Journal(clock), clock, ids, lab.KEY, endpoint)


def state(world):
    book, shelf = world.account.book, world.account.shelf["stripe"]
    return (
        book.payments(),
        [book.refunds_of(one.id) for one in book.payments()],
        [book.disputes_of(one.id) for one in book.payments()],
        book.ledger.entries(),
        (book.settlement.lines(), book.settlement.payouts()),
        # A played story concludes nothing for the next process: who took an event is not told it.
        [(one.id, one.body) for one in shelf.events.values()],
        shelf.methods,
        len(world.account.keys),
    )


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [("o1.charge[1]", "after_commit", "close", {})],
        [("o1.charge[1]", "before_commit", "reply", {"status": 429})],
        [("o1.charge[1]", "before_commit", "decide", {"outcome": "declined"})],
    ],
    ids=["a good day", "the answer is lost", "a rate limit", "a decline"],
)
def test_a_played_story_ends_in_the_same_state(lab, tmp_path, faults):
    first = played(lab, *(lab.fault(at, phase, do, **values) for at, phase, do, values in faults))
    path = tmp_path / "journal.ndjson"
    write_journal(path, first.journal.entries)
    entries = read_journal(path)
    second = fresh(lab, entries)

    beyond = rebuild(second, entries)

    assert beyond == ()
    assert state(second) == state(first)


def test_what_comes_out_otherwise_is_named(lab):
    entries = list(played(lab).journal.entries)
    place = next(n for n, entry in enumerate(entries) if entry.kind == "ledger.entry")
    wrong = {**entries[place].data, "amount_minor": 1}
    entries[place] = changed(entries[place], data=wrong)

    with pytest.raises(InputError, match=rf"story.ndjson:{place + 1}:1: ledger.entry"):
        rebuild(fresh(lab, entries), entries, source="story.ndjson")


def test_what_a_killed_process_did_not_write_down_any_more_is_made_up_for(lab):
    first = played(lab)
    cut = next(n for n, entry in enumerate(first.journal.entries, 1) if entry.kind == "call.committed")
    entries = first.journal.entries[:cut]
    second = fresh(lab, entries)

    beyond = rebuild(second, entries)

    kinds = [entry.kind for entry in beyond]
    assert kinds[0] == "ledger.entry"
    assert kinds.count("event.created") == 3
    assert kinds[-1] == "call.answered"
    assert beyond[-1].data["is_complete"] is False


def test_a_journal_that_was_not_kept_is_refused(lab):
    world = lab.a_world()
    lab.ask_now(world, lab.pay(world))

    with pytest.raises(InputError, match="nothing that stands before it"):
        rebuild(lab.a_world(), world.journal.entries)

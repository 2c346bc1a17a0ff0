"""Which endpoints have not taken an event yet, in memory or in the attic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgateway.ground import chronicle
from badgateway.ground.attic import Attic
from badgateway.ground.chronicle import Chronicle
from badgateway.providers.stripe.shelf import Shelf

EVENTS = 40
takes = st.tuples(st.integers(0, EVENTS - 1), st.sampled_from([None, "we_1", "we_2", "we_3"]))


def event(number, hearers):
    shown = {"id": f"pi_{number}", "object": "payment_intent"}
    return {
        "id": f"evt_{number}",
        "type": "payment_intent.created",
        "created": 0,
        "pending_webhooks": hearers,
        "data": {"object": shown},
    }


@pytest.fixture(scope="module", autouse=True)
def small_batches():
    """Have the attic used from the first few records on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chronicle, "BATCH", chronicle.DRAWER + 2)
        yield


@given(
    hearers=st.lists(st.integers(0, 3), min_size=EVENTS, max_size=EVENTS),
    before=st.lists(takes, max_size=60),
    after=st.lists(takes, max_size=60),
    keep=st.integers(1, 6),
)
def test_each_endpoint_counts_once_however_many_events_wait(hearers, before, after, keep):
    """The first half of the events is there when the first ones are taken; then the others follow."""
    attic = Attic(keep)
    on_shelf = Shelf(*(Chronicle(attic) for _ in range(6)))
    taken = {number: set() for number in range(EVENTS)}
    for first, told in ((0, before), (EVENTS // 2, after)):
        there = first + EVENTS // 2
        for number in range(first, there):
            on_shelf.remember(event(number, hearers[number]))
        for number, endpoint in told:
            on_shelf.take(f"evt_{number}", endpoint)
            if number < there:
                taken[number].add(endpoint)

    counted = [on_shelf.count_untaken(known) for known in on_shelf.events]
    assert counted == [max(0, hearers[number] - len(taken[number])) for number in range(EVENTS)]

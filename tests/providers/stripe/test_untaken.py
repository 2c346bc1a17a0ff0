"""Which endpoints have not taken an event yet: kept in memory for the newest, with the record for others."""

from hypothesis import given
from hypothesis import strategies as st

from badgateway.ground.attic import Attic
from badgateway.ground.chronicle import Chronicle
from badgateway.providers.stripe import shelf as at
from badgateway.providers.stripe.shelf import Shelf

EVENTS = 12
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


@given(
    hearers=st.lists(st.integers(0, 3), min_size=EVENTS, max_size=EVENTS),
    before=st.lists(takes, max_size=30),
    after=st.lists(takes, max_size=30),
    bound=st.integers(1, 6),
)
def test_each_endpoint_counts_once_however_many_events_wait(hearers, before, after, bound):
    """The first half of the events is there when the first ones are taken; then the others follow."""
    attic = Attic(keep=1)
    on_shelf = Shelf(*(Chronicle(attic) for _ in range(5)))
    taken = {number: set() for number in range(EVENTS)}
    usual = at.UNTAKEN_MAX
    at.UNTAKEN_MAX = bound
    try:
        for first, told in ((0, before), (EVENTS // 2, after)):
            there = first + EVENTS // 2
            for number in range(first, there):
                on_shelf.remember(event(number, hearers[number]))
            for number, endpoint in told:
                on_shelf.take(f"evt_{number}", endpoint)
                if number < there:
                    taken[number].add(endpoint)
            assert len(on_shelf.untaken) <= bound
    finally:
        at.UNTAKEN_MAX = usual

    counted = [on_shelf.count_untaken(kept) for kept in on_shelf.events.values()]
    assert counted == [max(0, hearers[number] - len(taken[number])) for number in range(EVENTS)]

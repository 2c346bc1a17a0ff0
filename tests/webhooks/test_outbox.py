"""What is due, what waits, and when the next attempt comes."""

import pytest

from badgateway.providers.base import WireEvent
from badgateway.webhooks.outbox import ITEMS_MAX, LATE_MS, Item, Outbox

HOUR_MS = 3_600_000


def item(event: str = "evt_1", due_ms: int = 0, **more) -> Item:
    body = WireEvent(
        event, "payment.succeeded", "payment_intent.succeeded", b"{}", "pi_1", None, cause="call1"
    )
    return Item(body, "o1", 1, 1, due_ms, **more)


def test_deliveries_leave_in_the_order_in_which_the_provider_made_them():
    outbox = Outbox((HOUR_MS,))
    outbox.add([item("evt_1"), item("evt_2")])

    taken = [outbox.take_due(0, set()).event.id, outbox.take_due(0, set()).event.id]

    assert taken == ["evt_1", "evt_2"]
    assert outbox.take_due(0, set()) is None


def test_a_delivery_that_waits_for_an_event_lets_the_next_one_pass():
    outbox = Outbox((HOUR_MS,))
    outbox.add([item("evt_1", after="o1.refund.succeeded[1]"), item("evt_2")])

    first = outbox.take_due(0, set())
    second = outbox.take_due(0, {"o1.refund.succeeded[1]"})

    assert (first.event.id, second.event.id) == ("evt_2", "evt_1")


def test_a_delivery_in_the_future_is_not_taken_before_its_time():
    outbox = Outbox((HOUR_MS,))
    outbox.add([item(due_ms=500)])

    assert outbox.take_due(499, set()) is None
    assert outbox.next_due_ms(set()) == 500
    assert outbox.take_due(500, set()) is not None


def test_a_late_delivery_is_due_only_a_while_after_its_release():
    outbox = Outbox((HOUR_MS,))
    outbox.add([item(is_late=True)])

    assert outbox.take_due(0, set()) is None
    assert outbox.next_due_ms(set()) is None
    assert len(outbox.release_late(1_000)) == 1
    assert outbox.next_due_ms(set()) == 1_000 + LATE_MS
    assert outbox.take_due(1_000, set()) is None
    assert outbox.take_due(1_000 + LATE_MS, set()) is not None


def test_a_late_delivery_with_a_delay_comes_that_much_later():
    outbox = Outbox((HOUR_MS,))
    outbox.add([item(is_late=True, due_ms=5 * HOUR_MS)])

    outbox.release_late(HOUR_MS)

    assert outbox.next_due_ms(set()) == 5 * HOUR_MS + LATE_MS


def test_a_delayed_delivery_whose_event_came_is_waited_for_and_not_freed():
    outbox = Outbox((HOUR_MS,))
    outbox.add([item(after="o1.refund.succeeded[1]", due_ms=HOUR_MS)])

    assert outbox.next_due_ms(set()) is None
    assert outbox.next_due_ms({"o1.refund.succeeded[1]"}) == HOUR_MS
    assert outbox.unblock({"o1.refund.succeeded[1]"}) == []


def test_a_refused_delivery_climbs_the_ladder_until_it_is_exhausted():
    outbox = Outbox((HOUR_MS, 2 * HOUR_MS))
    refused = item(copies=3, how="at_once")

    assert outbox.retry(refused, 0)
    assert (refused.due_ms, refused.attempt, refused.copies, refused.how) == (HOUR_MS, 2, 1, "in_turn")
    assert outbox.retry(refused, HOUR_MS)
    assert refused.due_ms == 3 * HOUR_MS
    assert not outbox.retry(refused, 3 * HOUR_MS)


def test_what_one_call_caused_can_be_taken_before_its_reply():
    outbox = Outbox((HOUR_MS,))
    outbox.add([item("evt_1"), item("evt_2", delivery=4)])

    taken = outbox.take_caused_by("call1", {4})

    assert [one.event.id for one in taken] == ["evt_2"]
    assert [one.event.id for one in outbox.items] == ["evt_1"]


def test_a_delivery_whose_event_never_came_is_freed():
    outbox = Outbox((HOUR_MS,))
    outbox.add([item(after="o1.refund.succeeded[1]")])

    freed = outbox.unblock(set())

    assert len(freed) == 1
    assert outbox.take_due(0, set()) is not None


@pytest.mark.parametrize(
    ("waiting", "taken"), [(0, 3), (ITEMS_MAX - 2, 2), (ITEMS_MAX, 0), (ITEMS_MAX + 1, 0)]
)
def test_what_does_not_fit_any_more_is_given_back_in_order(waiting, taken):
    outbox = Outbox((), items=[item("evt_0")] * waiting)
    coming = [item("evt_1"), item("evt_2"), item("evt_3")]

    left = outbox.add_what_fits(coming)

    assert (outbox.items[waiting:], list(left)) == (coming[:taken], coming[taken:])

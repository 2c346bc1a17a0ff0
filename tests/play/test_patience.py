"""What a provider makes of an endpoint that refuses: events given up, and in the end the endpoint."""

from badgateway.play.patience import give_up, is_disabled
from badgateway.play.posting import conclude, settle
from badgateway.providers.base import Patience, WireEvent, patience_of
from badgateway.webhooks.deliver import Receipt
from badgateway.webhooks.outbox import Item


def item(n=1, **changes):
    event = WireEvent(f"evt_{n}", "payment.succeeded", "payment_intent.succeeded", b"{}", f"pi_{n}", None)
    return Item(event, "o1", n, n, 0, **changes)


def test_so_many_events_given_up_in_a_row_disable_the_endpoint_once(lab, world):
    most = patience_of(world.dialect).given_up_max

    for n in range(1, most + 2):
        give_up(world, item(n))

    assert [one["given_up"] for one in lab.told(world, "webhook.disabled")] == [most]
    assert [one["why"] for one in lab.told(world, "webhook.lost")] == ["exhausted"] * (most + 1)


def test_an_event_that_is_accepted_in_between_starts_the_count_anew(lab, world):
    most = patience_of(world.dialect).given_up_max

    for n in range(1, 2 * most):
        give_up(world, item(n))
        settle(world, item(n + 100), Receipt("delivery1", 204, 1.0))

    assert lab.told(world, "webhook.disabled") == []


def test_an_attackers_success_does_not_count_for_the_endpoint(world):
    give_up(world, item())

    settle(world, item(2, kind="forged", signature="none"), Receipt("delivery1", 200, 1.0))

    assert world.given_up == {None: 1}


def test_a_disabled_endpoint_is_told_nothing_and_nobody_waits_for_it(lab, world):
    world.disabled.add(None)

    assert is_disabled(world, item(delivery=1))

    assert [one["why"] for one in lab.told(world, "webhook.lost")] == ["disabled"]
    assert "o1.payment.succeeded[1]" in world.delivered


def test_an_attacker_does_not_ask_whether_the_endpoint_is_disabled(lab, world):
    world.disabled.add(None)

    assert not is_disabled(world, item(kind="stale", signature="stale"))
    assert lab.told(world, "webhook.lost") == []


def test_strangers_events_count_as_well(lab, world):
    for n in range(1, 1 + patience_of(world.dialect).given_up_max):
        one = item(n, kind="foreign", attempt=1 + len(world.dialect.retry_ladder_ms))
        settle(world, one, Receipt(f"delivery{n}", 404, 1.0))
        conclude(world, one)

    assert len(lab.told(world, "webhook.disabled")) == 1


def test_a_dialect_that_says_nothing_waits_ten_seconds_and_never_disables():
    assert patience_of(object()) == Patience(10_000, None)


def test_the_endpoint_of_another_merchant_stays_in_use(world):
    for n in range(1, 1 + patience_of(world.dialect).given_up_max):
        give_up(world, item(n, merchant="m1"))

    assert is_disabled(world, item(7, merchant="m1"))
    assert not is_disabled(world, item(8, merchant="m2"))

"""From what the book did to webhooks in the outbox: their order, what the plan asks, and forgeries."""

import json

import pytest

from badgateway.play.intruding import intrusions, strangers
from badgateway.play.telling import keys

OWN_ORDER = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


def queued(world):
    return [item.event.wire_type for item in world.outbox.items]


def paid(lab, **plan):
    """Give a world in which one order was paid, and its outbox filled."""
    world = lab.a_world(lab.a_plan(**plan))
    lab.ask_now(world, lab.pay(world))
    return world


def test_interleaving_0_is_the_providers_own_order(lab):
    world = paid(lab)

    assert sorted(queued(world)) == sorted(OWN_ORDER)
    assert queued(world) == [event["wire_type"] for event in lab.told(world, "event.created")]


def test_consecutive_numbers_give_distinct_orders_of_one_commits_events(lab):
    orders = [queued(paid(lab, interleaving=number)) for number in range(6)]

    assert len({tuple(one) for one in orders}) == 6
    assert all(sorted(one) == sorted(OWN_ORDER) for one in orders)


def test_what_one_commit_does_not_use_of_the_number_is_left_for_the_next(lab):
    world = lab.a_world(lab.a_plan(interleaving=6 * 2 + 1))

    lab.ask_now(world, lab.pay(world))

    assert world.interleaving == 2


def test_what_a_full_outbox_of_a_served_world_does_not_take_is_journalled_as_lost(lab, monkeypatch):
    monkeypatch.setattr("badgateway.webhooks.outbox.ITEMS_MAX", 2)

    world = paid(lab)

    lost = [(one["event"], one["why"]) for one in lab.told(world, "webhook.lost")]
    made = [one["event"] for one in lab.told(world, "event.created")]
    assert [item.event.id for item in world.outbox.items] == made[:2]
    assert lost == [(made[2], "full")]


def test_calls_go_on_while_a_full_outbox_gets_refused_deliveries_back(lab, monkeypatch):
    """While some were on their way others took their places; they wait all the same, for their next try."""
    monkeypatch.setattr("badgateway.webhooks.outbox.ITEMS_MAX", 2)
    world = lab.a_world(lab.a_plan())
    lab.ask_now(world, lab.pay(world))
    under_way = world.outbox.take_due(world.clock.now_ms(), set())
    lab.ask_now(world, lab.pay(world, idem="k2"))
    assert world.outbox.retry(under_way, world.clock.now_ms())

    (heard,) = lab.ask_now(world, lab.pay(world, idem="k3"))

    assert (heard.status, len(world.outbox.items)) == (200, 3)
    world.enqueue([])
    assert world.outbox.room == 0


def test_whoever_serves_hears_once_that_webhooks_are_lost(lab, monkeypatch):
    monkeypatch.setattr("badgateway.webhooks.outbox.ITEMS_MAX", 1)
    world, heard = lab.a_world(lab.a_plan()), []
    world.on_loss = heard.append

    lab.ask_now(world, lab.pay(world))

    first, *further = [one["event"] for one in lab.told(world, "webhook.lost")]
    (sentence,) = heard
    assert further
    assert sentence.startswith(f"webhook {first} is lost: as many wait as are kept")
    assert world.lost["full"] == 1 + len(further)


def test_a_lost_event_is_never_queued_and_its_siblings_are(lab):
    world = paid(lab, deliveries=(lab.delivery("o1.payment.succeeded[1]", is_lost=True),))

    assert "payment_intent.succeeded" not in queued(world)
    assert "charge.succeeded" in queued(world)
    assert [one["why"] for one in lab.told(world, "webhook.lost")] == ["lose"]


def test_late_copies_wait_behind_one_that_is_on_time(lab):
    world = paid(lab, deliveries=(lab.delivery("o1.payment.succeeded[1]", copies=3, is_late=True),))

    shaped = [item for item in world.outbox.items if item.delivery]
    assert [(item.copies, item.is_late, item.kind) for item in shaped] == [
        (1, False, "genuine"),
        (2, True, "duplicate"),
    ]


def test_a_single_late_delivery_is_the_only_one(lab):
    world = paid(lab, deliveries=(lab.delivery("o1.payment.succeeded[1]", is_late=True),))

    assert [item.is_late for item in world.outbox.items if item.delivery] == [True]
    assert queued(world).count("payment_intent.succeeded") == 1


def test_a_stale_delivery_comes_in_addition_and_is_kept_by_the_attacker(lab):
    world = paid(lab, deliveries=(lab.delivery("o1.payment.succeeded[1]", signature="stale", delay_ms=5),))

    (genuine,) = [item for item in world.outbox.items if item.event.name == "payment.succeeded"]
    (kept,) = intrusions(world)

    assert (genuine.kind, kept.kind, kept.event) == ("genuine", "stale", genuine.event)
    assert kept.due_ms == world.clock.now_ms() + 5
    assert list(intrusions(world)) == []


def test_an_event_may_be_kept_on_its_way_and_never_told_by_the_provider(lab):
    event = "o1.payment.succeeded[1]"
    lost, stale = lab.delivery(event, is_lost=True), lab.delivery(event, index=2, signature="stale")
    world = paid(lab, deliveries=(lost, stale))

    assert "payment_intent.succeeded" not in queued(world)
    assert [item.kind for item in intrusions(world)] == ["stale"]


def test_copies_under_new_ids_are_other_events_with_the_same_content(lab):
    world = paid(lab, deliveries=(lab.delivery("o1.payment.succeeded[1]", copies=3, is_renamed=True),))

    (item,) = [one for one in world.outbox.items if one.delivery]
    carried = [item.carried(copy) for copy in (1, 2, 3)]
    bodies = [json.loads(event.body) for event in carried]

    assert [body.pop("id") for body in bodies] == [event.id for event in carried]
    assert len({event.id for event in carried}) == 3
    assert bodies[0] == bodies[1] == bodies[2]


def test_a_late_copy_under_a_new_id_is_the_other_event(lab):
    delivery = lab.delivery("o1.payment.succeeded[1]", copies=2, is_renamed=True, is_late=True)
    world = paid(lab, deliveries=(delivery,))

    first, late = [one for one in world.outbox.items if one.delivery]

    assert (first.is_late, late.is_late) == (False, True)
    assert first.carried(1) == first.event
    assert late.carried(1) == late.aliases[0]


def test_an_event_that_also_goes_elsewhere_goes_to_its_own_endpoint_all_the_same(lab):
    world = lab.a_world(lab.a_plan(deliveries=(lab.delivery("o1.payment.succeeded[1]", to="backoffice"),)))
    world.elsewhere["backoffice"] = world.endpoint

    lab.ask_now(world, lab.pay(world))

    both = [item for item in world.outbox.items if item.event.name == "payment.succeeded"]

    assert sorted((item.kind, item.to) for item in both) == [("foreign", "backoffice"), ("genuine", None)]


def test_an_endpoint_that_is_nowhere_is_told_and_nothing_is_sent_there(lab):
    world = paid(lab, deliveries=(lab.delivery("o1.payment.succeeded[1]", to="nowhere"),))

    (skipped,) = lab.told(world, "run.skipped")

    assert "'nowhere'" in skipped["why"]
    assert [item.to for item in world.outbox.items if item.event.name == "payment.succeeded"] == [None]


def test_strangers_tell_of_as_many_payments_as_there_are_copies(lab):
    told = lab.delivery("o1.payment.succeeded[1]", copies=3, is_of_strangers=True)
    world = lab.a_world(lab.a_plan(deliveries=(told,)))

    items = list(strangers(world))
    payments = {item.event.payment_id for item in items}

    assert [(item.kind, item.signature, item.order) for item in items] == [("foreign", "ok", None)] * 3
    assert (len(payments), payments) == (3, world.strangers)
    assert all(world.order_of((payment,)) is None for payment in payments)


def test_strangers_may_tell_of_other_things_than_payments(lab):
    told = lab.delivery("stripe:customer.updated[1]", copies=2, is_of_strangers=True)
    world = lab.a_world(lab.a_plan(deliveries=(told,)))

    bodies = [json.loads(item.event.body) for item in strangers(world)]

    assert [body["type"] for body in bodies] == ["customer.updated"] * 2
    assert {body["data"]["object"]["object"] for body in bodies} == {"customer"}
    assert len({body["id"] for body in bodies}) == 2


@pytest.mark.parametrize(
    ("signature", "kind"), [("none", "forged"), ("garbage", "forged"), ("other_tenant", "foreign")]
)
def test_an_attackers_event_stands_behind_no_entry_and_leaves_the_genuine_one_alone(lab, signature, kind):
    world = paid(lab, deliveries=(lab.delivery("o1.payment.succeeded[1]", signature=signature, copies=2),))

    (item,) = intrusions(world)

    assert (item.kind, item.signature, item.copies, item.event.facts) == (kind, signature, 2, ())
    genuine = [one for one in world.outbox.items if one.event.name == "payment.succeeded"]
    assert [one.kind for one in genuine] == ["genuine"]


def test_without_an_endpoint_events_are_told_and_nothing_is_queued(lab):
    world = lab.a_world(
        lab.a_plan(deliveries=(lab.delivery("o1.payment.succeeded[1]", signature="none"),)), url=None
    )

    lab.ask_now(world, lab.pay(world))

    assert len(lab.told(world, "event.created")) == 3
    assert world.outbox.items == []
    assert list(intrusions(world)) == []


def test_an_event_has_the_neutral_name_first_and_the_dialects_own_next(lab):
    world = paid(lab)

    names = {item.event.wire_type: keys(item, world) for item in world.outbox.items}

    assert names["payment_intent.succeeded"] == (
        "o1.payment.succeeded[1]",
        "stripe:payment_intent.succeeded[1]",
        "stripe:payment.succeeded[1]",
    )
    assert names["charge.succeeded"] == ("stripe:charge.succeeded[1]",)


def test_a_delivery_may_be_named_in_the_dialects_own_words(lab):
    world = paid(lab, deliveries=(lab.delivery("stripe:charge.succeeded[1]", copies=4),))

    assert [item.copies for item in world.outbox.items if item.event.wire_type == "charge.succeeded"] == [4]


def test_events_of_two_orders_do_not_share_a_count(lab):
    world = lab.a_world(lab.a_plan(orders=(lab.order("o1"), lab.order("o2"))))

    lab.ask_now(world, lab.pay(world, "o1"), lab.pay(world, "o2"))

    succeeded = [
        entry
        for entry in world.journal.entries
        if entry.kind == "event.created" and entry.data["name"] == "payment.succeeded"
    ]
    assert [(entry.order, entry.data["n"]) for entry in succeeded] == [("o1", 1), ("o2", 1)]


def test_each_ledger_entry_is_journalled_once_with_its_order_and_cause(lab):
    world = paid(lab)

    lab.ask_now(world, *[lab.request("GET", "/v1/payment_intents")] * 2)

    entries = lab.told(world, "ledger.entry")
    assert [(one["seq"], one["kind"], one["cause"]) for one in entries] == [
        (1, "auth", "call1"),
        (2, "capture", "call1"),
    ]


def test_events_of_what_the_book_does_not_know_are_told_after_the_others(lab):
    world = lab.a_world(lab.a_plan())
    customer = {"name": "Ada"}

    lab.ask_now(world, lab.request("POST", "/v1/customers", customer))

    assert queued(world) == ["customer.created"]
    assert [one["wire_type"] for one in lab.told(world, "event.created")] == ["customer.created"]


def test_an_account_that_registered_the_address_hears_only_of_what_it_enabled(lab):
    world = lab.a_world(lab.a_plan())
    hook = {"url": world.endpoint.url, "enabled_events[0]": "payment_intent.succeeded"}

    lab.ask_now(world, lab.request("POST", "/v1/webhook_endpoints", hook))
    lab.ask_now(world, lab.pay(world))

    assert queued(world) == ["payment_intent.succeeded"]
    assert len(lab.told(world, "event.created")) == 3


def test_an_account_that_registered_nothing_is_told_of_everything_without_being_asked(lab):
    asked = []
    world = lab.a_world(lab.a_plan())
    dialect, hook = world.dialect, {"url": "http://127.0.0.1:9/x", "enabled_events[0]": "charge.succeeded"}
    world.account.subscribes = lambda: None
    world.account.subscribes.is_wanted = lambda event, url, account: (
        asked.append(event.wire_type) or dialect.is_wanted(event, url, account)
    )

    lab.ask_now(world, lab.pay(world))

    assert sorted(queued(world)) == sorted(OWN_ORDER)
    assert asked == []

    lab.ask_now(world, lab.request("POST", "/v1/webhook_endpoints", hook))
    lab.ask_now(world, lab.request("POST", "/v1/customers", {"name": "Ada"}))

    assert asked == ["customer.created"]

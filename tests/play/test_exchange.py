"""One call: what faults do to it before and after the commit, what keys mean, and whose order it is."""

import asyncio

import pytest

PAID = [("auth", 4999), ("capture", 4999)]


def test_a_close_after_the_commit_moves_the_money_and_tells_nothing(lab):
    world = lab.a_world(lab.a_plan(faults=(lab.fault("o1.charge[1]", "after_commit", "close"),)))

    (heard,) = lab.ask_now(world, lab.pay(world))

    assert heard.status is None
    assert heard.effect.ending == "fin"
    assert lab.ledger(world) == PAID
    (answered,) = lab.told(world, "call.answered")
    assert (answered["status"], answered["effect"], answered["body_status"]) == (None, "close", None)
    order = ("call.arrived", "call.committed", "ledger.entry", "fault.fired", "call.answered")
    assert list(dict.fromkeys(lab.kinds(world, *order))) == list(order)


def test_a_close_before_the_commit_moves_nothing(lab):
    world = lab.a_world(lab.a_plan(faults=(lab.fault("o1.charge[1]", "before_commit", "close"),)))

    (heard,) = lab.ask_now(world, lab.pay(world))

    assert heard.status is None
    assert lab.ledger(world) == []
    assert "call.committed" not in lab.kinds(world)
    assert lab.told(world, "fault.fired")[0]["phase"] == "before_commit"


def test_a_fault_strikes_the_named_call_and_leaves_its_neighbour_alone(lab):
    world = lab.a_world(lab.a_plan(faults=(lab.fault("o1.charge[2]", "after_commit", "close"),)))

    first, second, third = lab.ask_now(world, *(lab.pay(world, idem=f"k{n}") for n in range(3)))

    assert (first.status, second.status, third.status) == (200, None, 200)


def test_the_same_key_replays_and_moves_nothing(lab, world):
    first, second = lab.ask_now(world, lab.pay(world, idem="k1"), lab.pay(world, idem="k1"))

    assert first.body["id"] == second.body["id"]
    assert lab.ledger(world) == PAID
    assert second.effect.reply.header("Idempotent-Replayed") == "true"
    commits = lab.told(world, "call.committed")
    assert [(one["is_applied"], one["is_replayed"]) for one in commits] == [(True, False), (False, True)]


def test_what_was_lost_after_the_commit_is_replayed_under_its_key(lab):
    world = lab.a_world(lab.a_plan(faults=(lab.fault("o1.charge[1]", "after_commit", "close"),)))

    lost, again = lab.ask_now(world, lab.pay(world, idem="k1"), lab.pay(world, idem="k1"))

    assert (lost.status, again.status, again.body["status"]) == (None, 200, "succeeded")
    assert lab.ledger(world) == PAID


def test_the_same_key_with_another_body_is_refused(lab, world):
    _, other = lab.ask_now(world, lab.pay(world, idem="k1"), lab.pay(world, idem="k1", amount=5000))

    assert (other.status, other.body["error"]["type"]) == (400, "idempotency_error")
    assert lab.ledger(world) == PAID
    assert lab.told(world, "call.committed")[1]["refusal"] == "key_reused"


def test_a_request_held_before_the_commit_makes_its_key_in_flight_until_it_is_given_up(lab):
    world = lab.a_world(lab.a_plan(faults=(lab.fault("o1.charge[1]", "before_commit", "hold"),)))
    world.is_free = True

    async def story():
        board = lab.worlds_of(world)
        held = asyncio.ensure_future(lab.ask(board, lab.pay(world, idem="k1")))
        await asyncio.sleep(0)
        meanwhile = await lab.ask(board, lab.pay(world, idem="k1"))
        held.cancel()
        await asyncio.wait([held])
        return meanwhile, await lab.ask(board, lab.pay(world, idem="k1"))

    meanwhile, afterwards = asyncio.run(story())

    assert (meanwhile.status, meanwhile.body["error"]["code"]) == (409, "idempotency_key_in_use")
    assert (afterwards.status, afterwards.body["status"]) == (200, "succeeded")
    assert lab.ledger(world) == PAID


def test_two_calls_about_one_payment_meet_the_lock_and_not_each_other(lab):
    world = lab.a_world(lab.a_plan(faults=(lab.fault("o1.capture[1]", "before_commit", "hold"),)))
    world.is_free = True

    async def story():
        board = lab.worlds_of(world)
        paid = await lab.ask(board, lab.pay(world, capture_method="manual"))
        path = f"/v1/payment_intents/{paid.body['id']}"
        held = asyncio.ensure_future(lab.ask(board, lab.request("POST", f"{path}/capture", idem="k1")))
        await asyncio.sleep(0)
        meanwhile = await lab.ask(board, lab.request("POST", f"{path}/capture", idem="k2"))
        looked = await lab.ask(board, lab.request("GET", path))
        held.cancel()
        await asyncio.wait([held])
        return meanwhile, looked, await lab.ask(board, lab.request("POST", f"{path}/capture", idem="k2"))

    meanwhile, looked, afterwards = asyncio.run(story())

    assert (meanwhile.status, meanwhile.body["error"]["code"]) == (429, "lock_timeout")
    assert meanwhile.body["error"]["type"] == "invalid_request_error"
    assert meanwhile.effect.reply.header("Stripe-Rate-Limited-Reason") is None
    assert looked.body["status"] == "requires_capture"
    assert (afterwards.status, afterwards.body["status"]) == (200, "succeeded")
    assert lab.ledger(world) == [("auth", 4999), ("capture", 4999)]


def test_a_bug_of_ours_leaves_no_key_in_flight(lab, world, monkeypatch):
    """An SDK that repeats such a call would be told of a request in flight, and of nothing else."""

    def broken(_parsed, _account):
        raise KeyError("a bug")

    with monkeypatch.context() as planted:
        planted.setattr(world.dialect, "answer", broken)
        for _ in range(2):
            with pytest.raises(KeyError, match="a bug"):
                lab.ask_now(world, lab.pay(world, idem="k1"))

    (mended,) = lab.ask_now(world, lab.pay(world, idem="k1"))
    assert (mended.status, mended.body["status"]) == (200, "succeeded")
    assert lab.ledger(world) == PAID


def test_a_connection_that_breaks_before_the_request_was_read_leaves_its_key_unused(lab):
    world = lab.a_world(lab.a_plan(faults=(lab.fault("o1.charge[1]", "connect", "hold"),)))
    world.is_free = True

    async def story():
        board = lab.worlds_of(world)
        held = asyncio.ensure_future(lab.ask(board, lab.pay(world, idem="k1")))
        await asyncio.sleep(0)
        meanwhile = await lab.ask(board, lab.pay(world, idem="k1"))
        held.cancel()
        await asyncio.wait([held])
        return meanwhile

    assert asyncio.run(story()).status == 200


def test_a_late_answer_before_the_commit_is_the_providers_own_error(lab):
    planned = lab.fault("o1.charge[1]", "before_commit", "hold", **{"for": 10})
    world = lab.a_world(lab.a_plan(faults=(planned,)))

    (heard,) = lab.ask_now(world, lab.pay(world))

    assert (heard.status, heard.effect.wait_ms) == (500, 10)
    assert lab.ledger(world) == []


def test_decide_changes_one_charge_only(lab):
    declined = lab.fault(
        "o1.charge[1]", "before_commit", "decide", outcome="declined", code="insufficient_funds"
    )
    world = lab.a_world(lab.a_plan(faults=(declined,)))

    first, second = lab.ask_now(world, lab.pay(world), lab.pay(world))

    assert (first.status, first.body["error"]["decline_code"]) == (402, "insufficient_funds")
    assert (second.status, second.body["status"]) == (200, "succeeded")
    assert [one["fault"] for one in lab.told(world, "fault.fired")] == [1]


def test_a_decision_that_no_charge_used_does_not_strike_a_later_one(lab):
    declined = lab.fault("o1.create[1]", "before_commit", "decide", outcome="declined")
    world = lab.a_world(lab.a_plan(faults=(declined,)))

    made, paid = lab.ask_now(world, lab.pay(world, confirm="false"), lab.pay(world))

    assert (made.body["status"], paid.body["status"]) == ("requires_confirmation", "succeeded")
    assert lab.told(world, "fault.fired") == []


def test_the_credential_is_masked_and_nowhere_else_in_the_journal(lab, world):
    lab.ask_now(world, lab.pay(world))

    assert lab.told(world, "call.arrived")[0]["credential"] == f"{lab.KEY[:8]}…{lab.KEY[-4:]}"
    assert lab.KEY not in str(world.journal.entries)


def test_an_order_is_found_by_the_reference_in_metadata(lab):
    world = lab.a_world(lab.a_plan(orders=(lab.order("o1"), lab.order("o2"))))

    lab.ask_now(world, lab.pay(world, "o2"))

    assert [(entry.order, entry.data["is_ours"]) for entry in world.journal.entries[:1]] == [("o2", True)]


def test_an_order_is_found_by_the_id_of_an_object_that_was_made_for_it(lab):
    world = lab.a_world(lab.a_plan(orders=(lab.order("o1"), lab.order("o2"))))
    (paid,) = lab.ask_now(world, lab.pay(world, "o2"))

    lab.ask_now(
        world,
        lab.request("GET", f"/v1/payment_intents/{paid.body['id']}"),
        lab.request("POST", "/v1/refunds", {"charge": paid.body["latest_charge"], "amount": 5}),
        lab.request("GET", "/v1/payment_intents"),
    )

    arrived = [entry for entry in world.journal.entries if entry.kind == "call.arrived"]
    assert [(entry.order, entry.data["op"]) for entry in arrived[1:]] == [
        ("o2", "fetch"),
        ("o2", "refund"),
        (None, "list"),
    ]


def test_an_order_is_found_as_the_only_one(lab, world):
    lab.ask_now(world, lab.request("POST", "/v1/payment_intents", {"amount": 500, "currency": "eur"}))

    (arrived,) = (entry for entry in world.journal.entries if entry.kind == "call.arrived")
    assert (arrived.order, arrived.data["is_ours"]) == ("o1", False)


def test_calls_are_counted_for_each_order_and_operation(lab):
    world = lab.a_world(lab.a_plan(orders=(lab.order("o1"), lab.order("o2"))))

    lab.ask_now(world, lab.pay(world, "o1"), lab.pay(world, "o2"), lab.pay(world, "o1"))

    assert [(one["op"], one["n"]) for one in lab.told(world, "call.arrived")] == [
        ("charge", 1),
        ("charge", 1),
        ("charge", 2),
    ]


def test_a_caller_that_leaves_is_journalled_once_and_counted_out(lab, world):
    async def story():
        call = lab.worlds_of(world).arrive(lab.pay(world))
        call.finished(is_complete=False, bytes_sent=0)
        call.finished(is_complete=True, bytes_sent=9)

    asyncio.run(story())

    assert [one["is_complete"] for one in lab.told(world, "call.answered")] == [False]
    assert not world.gates.calls


def test_a_hard_decline_is_told_as_such(lab):
    world = lab.a_world(
        lab.a_plan(
            faults=(
                lab.fault("o1.charge[1]", "before_commit", "decide", outcome="declined", code="stolen_card"),
            )
        )
    )

    lab.ask_now(world, lab.pay(world, idem="k1"), lab.pay(world, idem="k2"))

    hard, paid = lab.told(world, "call.committed")
    assert (hard["is_hard"], paid["is_hard"]) == (True, None)


def test_what_a_retry_after_asks_for_is_told(lab):
    rate_limit = lab.fault("o1.charge[1]", "before_commit", "reply", status=429, retry_after=2_000)
    world = lab.a_world(lab.a_plan(faults=(rate_limit,)))

    lab.ask_now(world, lab.pay(world), lab.pay(world, idem="k2"))

    assert [one["retry_after_ms"] for one in lab.told(world, "call.answered")] == [2_000, None]


def test_an_error_that_is_stored_before_the_commit_is_all_that_its_key_is_ever_told(lab):
    stored = lab.fault("o1.charge[1]", "before_commit", "reply", status=500, stored=True)
    world = lab.a_world(lab.a_plan(faults=(stored,)))

    told = lab.ask_now(world, lab.pay(world, idem="k1"), lab.pay(world, idem="k1"), lab.pay(world, idem="k2"))

    assert [one.status for one in told] == [500, 500, 200]
    assert told[1].effect.reply.header("Idempotent-Replayed") == "true"
    assert lab.ledger(world) == PAID
    assert lab.told(world, "call.committed")[0]["is_replayed"] is True


def test_an_error_that_is_stored_after_the_commit_hides_the_money_from_its_key(lab):
    stored = lab.fault("o1.charge[1]", "after_commit", "reply", status=500, stored=True)
    world = lab.a_world(lab.a_plan(faults=(stored,)))

    first, again, listed = lab.ask_now(
        world,
        lab.pay(world, idem="k1"),
        lab.pay(world, idem="k1"),
        lab.request("GET", "/v1/payment_intents"),
    )

    assert (first.status, again.status) == (500, 500)
    assert lab.ledger(world) == PAID
    assert [one["status"] for one in listed.body["data"]] == ["succeeded"]


def test_an_approval_of_a_part_takes_that_part(lab):
    part = lab.fault("o1.charge[1]", "before_commit", "decide", outcome="approved", amount=500)
    world = lab.a_world(lab.a_plan(faults=(part,)))

    (paid,) = lab.ask_now(world, lab.pay(world))

    assert (paid.body["status"], paid.body["amount"], paid.body["amount_received"]) == (
        "succeeded",
        4999,
        500,
    )
    assert lab.ledger(world) == [("auth", 500), ("capture", 500)]


def test_an_approval_in_another_currency_moves_that_currency(lab):
    words = {"outcome": "approved", "amount": 4999, "currency": "USD"}
    world = lab.a_world(lab.a_plan(faults=(lab.fault("o1.charge[1]", "before_commit", "decide", **words),)))

    (paid,) = lab.ask_now(world, lab.pay(world))

    assert (paid.body["currency"], paid.body["amount_received"]) == ("usd", 4999)
    assert {one["currency"] for one in lab.told(world, "ledger.entry")} == {"USD"}


def test_a_clock_that_is_off_is_off_in_everything_and_told_once(lab):
    def paid(*faults):
        world = lab.a_world(lab.a_plan(faults=faults))
        first, _ = lab.ask_now(world, lab.pay(world), lab.pay(world, idem="k2"))
        return first.body["created"], lab.told(world, "fault.fired")

    right, _ = paid()
    slow, fired = paid(lab.fault("*", "before_commit", "skew", by=-360_000))

    assert slow - right == -360
    assert [one["do"] for one in fired] == ["skew"]


def test_a_ladder_that_is_jumped_through_forgets_no_key_and_an_advance_of_the_story_does(lab):
    """An integration cannot know that days have passed in which nothing but our clock has moved."""
    world = lab.a_world()
    day_ms = 24 * 3_600_000

    lab.ask_now(world, lab.pay(world, idem="k1"))
    world.clock.advance(3 * day_ms)
    lab.ask_now(world, lab.pay(world, idem="k1"))
    after_the_jump = len(lab.ledger(world))
    world.aged_ms += 3 * day_ms
    lab.ask_now(world, lab.pay(world, idem="k1"))

    assert (after_the_jump, len(lab.ledger(world))) == (2, 4)

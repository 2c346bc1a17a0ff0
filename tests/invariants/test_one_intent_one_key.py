"""R1 over small journals."""

import pytest

LAW = "one_intent_one_key"


def lost(story, key="k1", **options):
    """Pay, and lose the answer of the first charge."""
    begun = story(**options)
    begun.ask("pay", outcome="info")
    return begun.charge(key, "pi_1", status=None)


def replay(begun, key="k1"):
    call = begun.arrive("charge", key, amount=4_999)
    return begun.commit(call, applied=False, replayed=True).answer(call)


def test_it_holds_when_the_retry_carries_the_same_key(story):
    assert replay(lost(story)).state(LAW) == "held"


def test_it_breaks_when_the_retry_carries_a_new_key(story):
    bad = lost(story).charge("k2", "pi_2")

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "the charge of o1 was sent again under another key while the first was open"
    assert bad.entries[breach.began - 1].data["key"] == "k2"


def test_it_breaks_when_the_retry_carries_no_key(story):
    assert lost(story, key=None).charge(None, "pi_2").state(LAW) == "broken"


def test_it_breaks_when_two_submits_charge_at_the_same_time(story):
    double = story()
    double.invoke("pay")
    double.invoke("pay")
    first, second = double.arrive(key="k1", amount=4_999), double.arrive(key="k2", amount=4_999)
    double.commit(first).commit(second, "pi_2").answer(first).answer(second)

    assert double.state(LAW) == "broken"


def test_it_breaks_when_a_refund_is_sent_again_under_another_key(story):
    bad = story().paid()
    bad.ask("refund", amount=1_000, outcome="info", intent="o1/refund1")

    assert bad.refund(1_000, "r1", status=None).refund(1_000, "r2", refund="re_2").state(LAW) == "broken"


def test_it_breaks_when_a_key_comes_with_another_request(story):
    bad = story()
    bad.ask("pay", outcome="fail")

    assert bad.charge("k1", body="b1").charge("k1", body="b2").state(LAW) == "broken"


def test_a_key_may_come_again_with_something_else_after_a_day(story):
    later = story()
    later.ask("pay")
    later.charge("k1", body="b1")
    later.clock.advance(25 * 3_600_000)

    assert later.charge("k1", body="b2", payment="pi_2").state(LAW) == "vacuous"


def test_a_new_key_after_a_clear_decline_is_allowed(story):
    declined = story()
    declined.ask("pay", outcome="fail")
    call = declined.arrive(key="k1", amount=4_999)
    declined.commit(call, status=402, refusal="declined").answer(call, 402)
    declined.ask("pay")

    assert declined.charge("k2", "pi_2").state(LAW) == "held"


@pytest.mark.parametrize("settle", ["look_up", "tell"])
def test_a_new_key_after_the_doubt_was_settled_is_allowed(story, settle):
    settled = lost(story)
    getattr(settled, settle)()

    assert settled.charge("k2", "pi_2").state(LAW) == "vacuous"


def test_a_look_up_that_failed_settles_nothing(story):
    assert lost(story).look_up(status=500).charge("k2", "pi_2").state(LAW) == "broken"


def test_a_webhook_that_was_not_acknowledged_settles_nothing(story):
    assert lost(story).tell(status=500).charge("k2", "pi_2").state(LAW) == "broken"


def test_a_refused_connection_leaves_nothing_open(story):
    refused = story()
    refused.ask("pay", outcome="info")
    call = refused.arrive(key="k1", amount=4_999)
    refused.fire(call, phase="connect").answer(call, None, "close")

    assert refused.charge("k2").state(LAW) == "vacuous"


@pytest.mark.parametrize("status", [429, 503, 400])
def test_an_answer_that_promises_no_effect_leaves_nothing_open(story, status):
    refused = story()
    refused.ask("pay", outcome="info")
    call = refused.arrive(key="k1", amount=4_999)
    refused.fire(call, phase="before_commit", do="reply").answer(call, status, "reply")

    assert refused.charge("k2").state(LAW) == "vacuous"


@pytest.mark.parametrize("status", [500, 502, 504, 200])
def test_a_garbled_or_failing_answer_leaves_it_open(story, status):
    garbled = story()
    garbled.ask("pay", outcome="info")
    call = garbled.arrive(key="k1", amount=4_999)
    garbled.commit(call).fire(call, do="reply").answer(call, status, "reply")

    assert garbled.charge("k2", "pi_2").state(LAW) == "broken"


def test_confirming_one_payment_again_is_bound_by_the_payment(story):
    bound = story()
    bound.ask("pay", outcome="info")
    for key in ("sdk-1", "sdk-2"):
        call = bound.arrive("charge", key, payment="pi_1", body=key)
        bound.commit(call).answer(call, None, "close")

    assert bound.state(LAW) == "held"


def test_reads_need_no_key(story):
    assert story().look_up().look_up().state(LAW) == "vacuous"


def test_two_decisions_to_refund_have_two_keys(story):
    twice = story().paid()
    twice.ask("refund", amount=1_000, outcome="info", intent="o1/refund1")
    twice.refund(1_000, "r1", status=None)
    twice.ask("refund", amount=1_000, intent="o1/refund2")

    assert twice.refund(1_000, "r2", refund="re_2").state(LAW) == "held"


def test_another_order_is_another_decision(story):
    two = story("o1", "o2")
    two.ask("pay", "o1", outcome="info")
    two.charge("k1", "pi_1", order="o1", status=None)
    two.ask("pay", "o2")

    assert two.charge("k2", "pi_2", order="o2", body="b2").state(LAW) == "vacuous"


def test_it_breaks_when_two_orders_share_a_key(story):
    coarse = story("o1", "o2")
    coarse.ask("pay", "o1")
    coarse.ask("pay", "o2")

    assert (
        coarse.charge("k", "pi_1", order="o1").charge("k", "pi_2", order="o2", body="b2").state(LAW)
        == "broken"
    )


def test_it_is_vacuous_when_nothing_is_tried_again(good_day):
    assert good_day.state(LAW) == "vacuous"


def failed(story, status=500, refusal=None, replays=1):
    """Let the provider store a failure under k1, and repeat it."""
    begun = story()
    begun.ask("pay", outcome="info")
    for n in range(replays + 1):
        call = begun.arrive(key="k1", amount=4_999)
        begun.commit(
            call, None, False, replayed=n > 0, status=status, refusal=refusal, final=status < 500
        ).answer(call, status)
    return begun


def paid_again(begun, *keys):
    """Decide anew, and send a charge with each key; only k1 is a key of before."""
    op = begun.invoke("pay")
    for key in keys:
        call = begun.arrive(key=key, amount=4_999)
        is_old = key == "k1"
        begun.commit(call, "pi_2", not is_old, replayed=is_old, status=500 if is_old else 200)
        begun.answer(call, 500 if is_old else 200).look_up()
    return begun.returned(op, "info")


def test_it_breaks_when_a_new_decision_is_spent_on_a_key_that_repeats_an_error(story):
    (breach,) = paid_again(failed(story), "k1").judge(LAW).breaches

    assert breach.sentence == "o1 was paid anew with a key that only repeats its stored failure"


def test_it_breaks_when_a_new_decision_repeats_a_stored_decline(story):
    declined = failed(story, 402, "declined", replays=0)

    assert paid_again(declined, "k1").state(LAW) == "broken"


def test_the_same_key_is_right_while_nobody_knows_that_its_answer_is_stored(story):
    assert paid_again(failed(story, replays=0), "k1").state(LAW) == "held"


def test_a_repeated_error_followed_by_a_new_key_is_a_look_and_no_loss(story):
    assert paid_again(failed(story).look_up(), "k1", "k2").state(LAW) == "held"


def test_asking_again_without_a_new_decision_is_only_a_look(story):
    assert failed(story, replays=4).state(LAW) == "held"


def test_a_decision_that_asks_for_nothing_yet_waits_and_wastes_nothing(story):
    assert paid_again(failed(story)).state(LAW) == "held"


@pytest.mark.parametrize(("key", "state"), [("i1", "held"), ("i2", "broken")])
def test_a_wish_to_hold_more_is_sent_again_under_its_own_key(story, key, state):
    again = story()
    again.ask("pay")
    again.ask("increment", amount=2_000, intent="o1/increment1")
    lost = again.arrive("increment", "i1", payment="pi_1", amount=6_999)
    again.commit(lost).fire(lost)
    again.answer(lost, None, effect="close")
    call = again.arrive("increment", key, payment="pi_1", amount=6_999)
    again.commit(call).answer(call)

    assert again.state(LAW) == state

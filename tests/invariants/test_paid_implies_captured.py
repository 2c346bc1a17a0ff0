"""M4 over small journals."""

import pytest

LAW = "paid_implies_captured"


def test_it_holds_when_paid_is_covered(good_day):
    assert good_day.state(LAW) == "held"


def test_it_breaks_when_an_order_is_paid_without_money(story):
    bad = story()
    bad.ask("pay")
    bad.view("PAID", 4_999).final("PAID", 4_999)

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "o1 is PAID, with 0.00 EUR of 49.99 EUR at the provider"
    assert not breach.is_always


def test_it_breaks_when_goods_go_out_before_the_money_is_there(story):
    bad = story()
    bad.ask("pay")
    bad.view("PENDING", effects={"fulfil": 1}).charge().final("PAID", 4_999)

    (breach,) = bad.judge(LAW).breaches

    assert breach.is_always
    assert "handed over" in breach.sentence


def test_a_payment_that_is_pending_for_days_may_be_shown_so(story):
    waiting = story()
    waiting.ask("pay", outcome="info", status="PENDING")
    waiting.view("PENDING").charge().final("PAID", 4_999)

    assert waiting.state(LAW) == "held"


def test_goods_may_stay_out_when_the_money_is_returned_later(story):
    returned = story().paid()
    returned.ask("refund", amount=4_999, intent="o1/refund1")
    returned.refund(4_999).final("REFUNDED", 4_999, 4_999, effects={"fulfil": 1})

    assert returned.state(LAW) == "held"


@pytest.mark.parametrize(
    ("ship_on", "state"), [("authorized", "held"), ("pending", "held"), ("captured", "broken")]
)
def test_a_hold_covers_only_those_who_declare_to_ship_on_it(story, ship_on, state):
    held = story(declares={"ship_on": ship_on})
    held.ask("pay")
    held.ledger("auth").final("PAID", 0, effects={"fulfil": 1})

    assert held.state(LAW) == state


def on_trust(story, ship_on, name="payment.pending"):
    """Ship after an event, and take an order for failed when its payment comes to nothing."""
    debit = story(declares={"ship_on": ship_on})
    debit.ask("pay", outcome="info", status="PENDING")
    return debit.tell(name).view("PENDING", effects={"fulfil": 1}).final("FAILED", effects={"fulfil": 1})


@pytest.mark.parametrize(("ship_on", "state"), [("pending", "held"), ("authorized", "broken")])
def test_goods_may_leave_on_a_pending_payment_where_that_is_declared(story, ship_on, state):
    assert on_trust(story, ship_on).state(LAW) == state


def test_trust_needs_a_payment_that_is_under_way(story):
    assert on_trust(story, "pending", "payment.failed").state(LAW) == "broken"


def test_who_ships_on_trust_may_not_call_it_paid(story):
    assert on_trust(story, "pending").final("PAID", 4_999).state(LAW) == "broken"


def test_a_partial_capture_that_the_merchant_asked_for_is_paid(story):
    partial = story()
    partial.ask("pay")
    partial.ledger("auth")
    partial.ask("capture", amount=3_000)
    partial.ledger("capture", 3_000).final("PAID", 3_000)

    assert partial.state(LAW) == "held"


def test_paid_beside_the_right_refunded_amount_is_honest(story):
    beside = story().paid()
    beside.ask("refund", amount=1_000, intent="o1/refund1")
    beside.refund(1_000).final("PAID", 4_999, 1_000)

    assert beside.state(LAW) == "held"


def test_paid_after_a_lost_dispute_is_not(story):
    lost = story().paid().ledger("dispute_open").ledger("dispute_lost").final("PAID", 4_999, 0)

    assert lost.state(LAW) == "broken"


def test_a_free_order_is_paid_without_money(story):
    free = story(amount=0)
    free.ask("pay")
    free.final("PAID", 0)

    assert free.state(LAW) == "held"


def test_a_mail_is_no_delivery_of_goods(story):
    mailed = story()
    mailed.ask("pay", outcome="fail")
    mailed.final("FAILED", 0, effects={"mail": 1})

    assert mailed.state(LAW) == "vacuous"


def test_it_is_unknown_without_rest_or_view(story):
    restless = story().paid().view("PAID").rest(is_quiescent=False, why="still changing")
    blind = story().paid().final(None, is_readable=False)

    assert (restless.state(LAW), blind.state(LAW)) == ("unknown", "unknown")


def test_it_breaks_when_the_sink_is_told_to_ship_what_nobody_paid(story):
    bad = story(shown=["status", "sink"]).sink("fulfilment").paid().final("PAID", 4_999)

    assert [breach.sentence for breach in bad.judge("paid_implies_captured").breaches] == [
        "o1 is handed over, with 0.00 EUR of 49.99 EUR at the provider"
    ]


def test_a_mail_hands_nothing_over(story):
    assert story(shown=["status", "sink"]).sink("mail").paid().final("PAID").state(
        "paid_implies_captured"
    ) == ("held")

"""M9 over small journals."""

LAW = "holds_are_legal"


def held(story):
    """Authorize an order."""
    begun = story()
    begun.ask("pay")
    return begun.ledger("auth").view("AUTHORIZED")


def capture(story, amount=4_999, status=200):
    """Let the integration capture; another status than 200: the provider refuses."""
    call = story.arrive("capture", f"c{len(story.entries)}", payment="pi_1", amount=amount)
    if status != 200:
        return story.commit(call, applied=False, status=status, refusal="wrong_state").answer(call, status)
    return story.commit(call).ledger("capture", amount, cause=call[0]).answer(call)


def void(story, status=200):
    """Let the integration void; status None: the answer is lost."""
    call = story.arrive("void", "v1", payment="pi_1")
    story.commit(call).ledger("void", cause=call[0])
    return story.answer(call, status, effect=None if status else "close")


def test_it_holds_when_a_hold_is_captured(story):
    assert capture(held(story)).final("PAID").state(LAW) == "held"


def test_it_breaks_when_more_is_captured_than_is_held(story):
    (breach,) = capture(held(story), 6_000).judge(LAW).breaches

    assert breach.sentence == "60.00 EUR of o1 were captured, 49.99 EUR were held"


def test_it_breaks_when_a_capture_follows_a_void(story):
    bad = capture(void(held(story)), status=400)

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "a capture of o1 was attempted after it was known to be let go"
    assert [bad.entries[seq - 1].kind for seq in breach.proof] == [
        "ledger.entry",
        "call.arrived",
        "call.answered",
    ]


def test_it_breaks_when_a_capture_follows_an_expiry_that_was_told(story):
    bad = held(story).ledger("expire", cause="act:expire").tell("payment.expired")

    assert capture(bad, status=400).state(LAW) == "broken"


def test_it_breaks_when_a_cancelled_order_is_captured(story):
    bad = held(story)
    bad.ask("cancel")

    assert capture(bad).state(LAW) == "broken"


def test_it_breaks_when_a_cancelled_order_still_holds_money(story):
    bad = held(story)
    bad.ask("cancel")

    (breach,) = bad.final("CANCELLED").judge(LAW).breaches

    assert breach.sentence == "o1 is CANCELLED, and the provider still holds 49.99 EUR"


def test_a_capture_that_races_an_expiry_is_judged_by_what_was_known(story):
    raced = held(story).ledger("expire", cause="act:expire")
    event = raced.event("payment.expired")

    assert capture(raced, status=400).send(event).final("FAILED").state(LAW) == "held"


def test_a_void_whose_answer_was_lost_may_be_asked_again(story):
    again = void(held(story), status=None)
    call = again.arrive("void", "v2", payment="pi_1")

    assert again.commit(call, applied=False, status=400).answer(call, 400).state(LAW) == "held"


def test_a_void_that_is_decided_again_does_no_harm(story):
    again = void(held(story))
    again.ask("cancel")
    call = again.arrive("void", "v2", payment="pi_1")

    assert again.commit(call, applied=False, status=400).answer(call, 400).state(LAW) == "held"


def test_what_a_capture_leaves_over_is_not_let_go(story):
    partial = held(story)
    call = partial.arrive("capture", "c1", payment="pi_1", amount=1_000)
    partial.commit(call).ledger("capture", 1_000, cause=call[0]).ledger("void", 3_999, cause=call[0]).answer(
        call
    )

    assert capture(partial, status=400).state(LAW) == "held"


def test_a_cancellation_that_was_refused_lets_nothing_go(story):
    refused = held(story)
    refused.ask("cancel", outcome="fail")

    assert capture(refused).state(LAW) == "held"


def test_an_order_that_is_paid_again_may_be_captured_again(story):
    again = held(story)
    again.ask("cancel").ask("pay")

    assert capture(again).state(LAW) == "held"


def test_it_is_vacuous_when_nothing_is_held_for_later(good_day):
    assert good_day.state(LAW) == "vacuous"


def test_it_is_unknown_whether_a_hold_stays_without_rest_or_view(story):
    restless = held(story).rest(is_quiescent=False)
    blind = held(story).final(None, is_readable=False)

    assert {restless.state(LAW), blind.state(LAW)} == {"unknown"}

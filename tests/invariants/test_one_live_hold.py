"""M2 over small journals."""

LAW = "one_live_hold"


def held_twice(story):
    """Decide once, and let the provider hold the money twice."""
    begun = story()
    begun.ask("pay")
    return begun.ledger("auth").ledger("auth", payment="pi_2")


def void(story, payment="pi_2"):
    """Let the integration cancel a payment."""
    call = story.arrive("void", "v1", payment=payment)
    return story.commit(call, payment).ledger("void", payment=payment, cause=call[0]).answer(call)


def test_it_holds_on_a_good_day(good_day):
    assert good_day.state(LAW) == "held"


def test_it_breaks_when_the_money_is_held_twice_in_the_end(story):
    bad = held_twice(story)
    second = bad.entries[-1].seq

    (breach,) = bad.final("AUTHORIZED").judge(LAW).breaches

    assert breach.sentence == "2 payments held money of o1 at once, and nobody let one go"
    assert (breach.proof, breach.began) == ((second,), second)


def test_it_breaks_when_the_second_hold_only_lapses(story):
    bad = held_twice(story).ledger("expire", payment="pi_2", cause="act:expire").final("AUTHORIZED")

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence.endswith("until one lapsed by itself")
    assert breach.is_always


def test_it_breaks_when_a_captured_payment_gets_company(story):
    assert story().paid().ledger("auth", payment="pi_2").final("PAID").state(LAW) == "broken"


def test_a_second_hold_that_the_integration_cancels_is_forgiven(story):
    assert void(held_twice(story)).final("AUTHORIZED").state(LAW) == "held"


def test_a_second_charge_that_the_integration_gives_back_is_forgiven(story):
    returned = story()
    returned.ask("pay")
    returned.charge("k1", "pi_1").charge("k2", "pi_2")
    call = returned.arrive("refund", "r1", payment="pi_2", amount=4_999)
    returned.commit(call, "pi_2").ledger("refund", payment="pi_2", refund="re_1", cause=call[0])

    assert returned.final("PAID").state(LAW) == "held"


def test_a_hold_after_the_first_one_lapsed_is_the_only_one(story):
    again = story()
    again.ask("pay")
    again.ledger("auth").ledger("expire", cause="act:expire").ledger("auth", payment="pi_2")

    assert again.final("AUTHORIZED").state(LAW) == "held"


def test_a_hold_that_is_raised_is_one_hold(story):
    raised = story()
    raised.ask("pay")

    assert raised.ledger("auth", 1_000).ledger("auth", 500).final("AUTHORIZED").state(LAW) == "held"


def test_a_second_purchase_may_hold_as_well(story):
    twice = story().paid()
    twice.ask("pay", intent="o1/second")

    assert twice.charge("k2", "pi_2").final("PAID").state(LAW) == "held"


def test_it_is_vacuous_when_nothing_was_held(story):
    declined = story()
    declined.ask("pay", outcome="fail")

    assert declined.final("FAILED").state(LAW) == "vacuous"


def test_it_is_unknown_whether_a_hold_would_still_be_let_go(story):
    assert held_twice(story).rest(is_quiescent=False).state(LAW) == "unknown"

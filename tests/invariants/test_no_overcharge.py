"""M1 over small journals."""

LAW = "no_overcharge"


def test_it_holds_when_the_agreed_amount_is_captured(good_day):
    assert good_day.state(LAW) == "held"


def test_it_breaks_when_the_shopper_is_charged_twice(story):
    bad = story()
    bad.ask("pay")
    bad.charge("k1", "pi_1", status=None).charge("k2", "pi_2")

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "o1 was agreed at 49.99 EUR, the provider captured 99.98 EUR"
    assert [bad.entries[seq - 1].kind for seq in breach.proof] == ["ledger.entry", "ledger.entry"]
    assert breach.began == breach.proof[-1]


def test_it_still_breaks_when_the_second_charge_is_returned_and_says_so(story):
    bad = story()
    bad.ask("pay")
    bad.charge("k1", "pi_1").charge("k2", "pi_2").refund(4_999).final("PAID", 4_999, 0)

    (breach,) = bad.judge(LAW).breaches

    assert "charged, then returned" in breach.sentence


def test_it_is_vacuous_when_nothing_is_captured(story):
    quiet = story()
    quiet.ask("pay", outcome="fail")

    assert quiet.state(LAW) == "vacuous"


def test_a_new_quote_replaces_the_old_one(story):
    quoted = story()
    quoted.ask("pay", outcome="fail")
    quoted.ask("pay", amount=7_000)
    quoted.charge(amount=7_000)

    assert quoted.state(LAW) == "held"


def test_a_second_purchase_on_one_order_is_legal(story):
    twice = story()
    twice.ask("pay", intent="o1")
    twice.charge("k1", "pi_1")
    twice.ask("pay", intent="o1/second")
    twice.charge("k2", "pi_2")

    assert twice.state(LAW) == "held"


def test_paying_twice_for_the_same_decision_is_not(story):
    twice = story()
    twice.ask("pay")
    twice.ask("pay")
    twice.charge("k1", "pi_1").charge("k2", "pi_2")

    assert twice.state(LAW) == "broken"


def test_a_capture_that_failed_later_is_taken_off_before_the_next_one(story):
    again = story()
    again.ask("pay")
    again.charge("k1", "pi_1").ledger("capture_fail").charge("k2", "pi_2")

    assert again.state(LAW) == "held"


def raised(story, *, granted):
    """Give a story whose hold was wished to be raised from 49.99 to 69.99, and whose 69.99 were captured."""
    told = story()
    told.ask("pay")
    told.ledger("auth")
    told.ask("increment", amount=2_000, intent="o1/increment1")
    call = told.arrive("increment", "i1", payment="pi_1", amount=6_999)
    told.commit(call, applied=granted).answer(call)
    if granted:
        told.ledger("auth", 2_000, cause=call[0])
    return told.ledger("capture", 6_999)


def test_what_a_hold_was_raised_by_is_agreed(story):
    assert raised(story, granted=True).state(LAW) == "held"


def test_it_breaks_when_a_declined_raise_is_captured(story):
    (breach,) = raised(story, granted=False).judge(LAW).breaches

    assert breach.sentence == "o1 was agreed at 49.99 EUR, the provider captured 69.99 EUR"

"""M3 over small journals."""

LAW = "exact_amount"


def test_it_holds_when_the_agreed_amount_is_asked(good_day):
    assert good_day.state(LAW) == "held"


def test_it_breaks_when_yen_are_taken_for_cents(story):
    bad = story(amount=1_200, currency="JPY")
    bad.ask("pay")
    bad.charge(amount=120_000)

    (breach,) = bad.judge(LAW).breaches

    assert (
        breach.sentence == "the charge of o1 asked for 120000 JPY that nobody decided on, 1200 JPY was agreed"
    )


def test_it_breaks_when_another_currency_is_asked(story):
    bad = story()
    bad.ask("pay")
    call = bad.arrive(amount=4_999, currency="USD")
    bad.commit(call).answer(call)

    assert "EUR was agreed" in bad.judge(LAW).breaches[0].sentence


def test_a_currency_that_does_not_exist_is_a_finding_and_no_crash(story):
    bad = story()
    bad.ask("pay")
    call = bad.arrive(amount=4_999, currency="XYZ")
    bad.commit(call).answer(call)

    assert bad.state(LAW) == "broken"


def test_a_request_that_changed_nothing_is_not_judged(story):
    refused = story()
    refused.ask("pay")
    call = refused.arrive(amount=499_900)
    refused.commit(call, applied=False, status=400, refusal="invalid").answer(call, 400)

    assert refused.state(LAW) == "vacuous"


def test_confirming_a_payment_asks_for_what_it_was_made_with(story):
    bad = story()
    bad.ask("pay")
    made = bad.arrive("create", amount=499_900)
    bad.commit(made).answer(made)
    confirmed = bad.arrive("charge", "k2", payment="pi_1")
    bad.commit(confirmed).answer(confirmed)

    assert bad.state(LAW) == "broken"


def test_a_partial_capture_that_the_merchant_asked_for_is_exact(story):
    partial = story()
    partial.ask("pay")
    partial.ask("capture", amount=3_000)
    call = partial.arrive("capture", payment="pi_1", amount=3_000)
    partial.commit(call).answer(call)

    assert partial.state(LAW) == "held"


def test_capturing_the_whole_without_an_amount_is_exact(story):
    whole = story()
    whole.ask("pay")
    call = whole.arrive("capture", payment="pi_1")
    whole.commit(call).answer(call)

    assert whole.state(LAW) == "vacuous"


def test_it_breaks_when_a_partial_refund_becomes_a_full_one(story):
    bad = story().paid()
    bad.ask("refund", amount=1_000, intent="o1/refund1")
    bad.refund(4_999)

    assert bad.state(LAW) == "broken"


def test_giving_back_what_was_taken_too_much_needs_no_decision(story):
    returned = story()
    returned.ask("pay")
    returned.charge("k1", "pi_1").charge("k2", "pi_2")
    returned.ask("refund", amount=1_000, intent="o1/refund1")
    returned.refund(4_999)

    assert returned.state(LAW) == "held"


def test_a_refund_of_a_cancelled_order_needs_no_decision(story):
    cancelled = story().paid()
    cancelled.ask("cancel")
    cancelled.refund(4_999)

    assert cancelled.state(LAW) == "held"


def test_a_retry_of_an_older_quote_is_exact(story):
    edited = story()
    edited.ask("pay", amount=4_999)
    edited.ask("pay", amount=3_000)
    edited.charge("k1", amount=4_999)

    assert edited.state(LAW) == "held"


def test_it_breaks_when_the_parts_do_not_come_to_the_amount_though_the_provider_refused_it(story):
    bad = story()
    call = bad.arrive(amount=4_999, breakdown_minor=4_998)
    bad.commit(call, applied=False, status=400, refusal="invalid").answer(call, 400)

    opinion = bad.judge(LAW)

    assert [breach.sentence for breach in opinion.breaches] == [
        "the charge of o1 asked for 49.99 EUR, and its parts come to 49.98 EUR"
    ]
    assert opinion.antecedents == 1


def test_parts_that_come_to_the_amount_are_no_concern(story):
    good = story()
    good.ask("pay")
    call = good.arrive(amount=4_999, breakdown_minor=4_999)

    good.commit(call).answer(call)

    assert (good.state(LAW), good.judge(LAW).antecedents) == ("held", 1)


def test_a_price_that_was_rounded_for_its_currency_before_it_was_agreed_is_exact(story):
    dinars = story(amount=1_230, currency="KWD").paid()
    francs = story(amount=4_995, currency="CHF").paid()

    assert (dinars.state(LAW), francs.state(LAW)) == ("held", "held")


def raise_hold(story, total, key="i1"):
    """Ask the provider to hold a new total, and grant it."""
    call = story.arrive("increment", key, payment="pi_1", amount=total)
    return story.commit(call).answer(call)


def test_a_raised_hold_is_asked_for_up_to_what_was_decided(story):
    raised = story()
    raised.ask("pay")
    raised.ask("increment", amount=2_000, intent="o1/increment1")

    assert raise_hold(raised, 6_999).state(LAW) == "held"


def test_it_breaks_when_more_is_held_than_anybody_wished(story):
    bad = story()
    bad.ask("pay")
    bad.ask("increment", amount=2_000, intent="o1/increment1")

    assert raise_hold(bad, 8_999).state(LAW) == "broken"


def test_capturing_what_was_raised_is_exact(story):
    raised = story()
    raised.ask("pay")
    raised.ledger("auth")
    raised.ask("increment", amount=2_000, intent="o1/increment1")
    raise_hold(raised, 6_999).ledger("auth", 2_000, cause="call1")
    call = raised.arrive("capture", "c1", payment="pi_1", amount=6_999)
    raised.commit(call).answer(call)

    assert raised.state(LAW) == "held"

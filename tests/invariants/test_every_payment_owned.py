"""M6 over small journals."""

LAW = "every_payment_owned"


def test_it_holds_when_the_payment_is_listed(story):
    assert story().paid().final("PAID", refs=["pi_1"]).state(LAW) == "held"


def test_it_breaks_when_a_payment_is_listed_nowhere(story):
    bad = story().paid().final("PENDING", refs=[])

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "pi_1 holds money of o1, which does not list it"
    assert [bad.entries[seq - 1].kind for seq in breach.proof] == [
        "ledger.entry",
        "ledger.entry",
        "view.read",
    ]


def test_it_breaks_when_the_payment_of_another_order_is_listed(story):
    bad = story("o1", "o2").paid("o1").paid("o2").view("PAID", after="final", refs=["pi_1", "pi_2"])

    (breach,) = bad.final("PAID", order="o2", refs=["pi_2"]).judge(LAW).breaches

    assert breach.sentence == "o1 lists pi_2, which is a payment of o2"


def test_it_breaks_when_a_listed_payment_does_not_exist(story):
    assert story().paid().final("PAID", refs=["pi_1", "pi_x"]).state(LAW) == "broken"


def test_it_breaks_when_a_payment_belongs_to_no_order(story):
    bad = story().paid()
    call = bad.arrive(order=None, amount=4_999)
    bad.commit(call, "pi_9").ledger("capture", order=None, payment="pi_9", cause=call[0])

    (breach,) = bad.final("PAID", refs=["pi_1"]).judge(LAW).breaches

    assert (breach.order, breach.sentence) == (None, "pi_9 holds a shopper's money and belongs to no order")


def test_a_payment_that_only_the_integration_knows_how_to_place_is_owned(story):
    nameless = story()
    nameless.ask("pay")
    call = nameless.arrive(order=None, amount=4_999)
    nameless.commit(call, "pi_9").ledger("capture", order=None, payment="pi_9", cause=call[0])

    assert nameless.final("PAID", refs=["pi_9"]).state(LAW) == "held"


def test_an_attempt_that_holds_no_money_need_not_be_listed(story):
    replaced = story()
    replaced.ask("pay")
    replaced.ledger("auth").ledger("void").charge("k2", "pi_2")

    assert replaced.final("PAID", refs=["pi_2"]).state(LAW) == "held"


def test_a_declined_attempt_may_be_listed(story):
    declined = story()
    declined.ask("pay")
    call = declined.arrive(amount=4_999)
    declined.commit(call, "pi_1", status=402, refusal="declined").answer(call, 402).charge("k2", "pi_2")

    assert declined.final("PAID", refs=["pi_1", "pi_2"]).state(LAW) == "held"


def test_other_ids_beside_the_payments_are_no_payments(story):
    assert story().paid().final("PAID", refs=["pi_1", "charge_1"]).state(LAW) == "held"


def test_an_order_in_review_lacks_nothing(story):
    assert story().paid().final("REVIEW", refs=[]).state(LAW) == "held"


def test_an_integration_that_shows_no_payment_ids_is_not_judged(story):
    hidden = story(shown=["status"]).paid().final("PAID")
    null = story().paid().final("PAID", refs=None)
    charges = story().paid().final("PAID", refs=["charge_1"])

    assert {hidden.state(LAW), null.state(LAW), charges.state(LAW)} == {"not judged"}


def test_it_is_vacuous_when_no_payment_holds_money(story):
    quiet = story()
    quiet.ask("pay", outcome="fail")

    assert quiet.final("FAILED", refs=[]).state(LAW) == "vacuous"


def test_it_is_unknown_without_rest_or_view(story):
    restless = story().paid().view("PAID").rest(is_quiescent=False)
    blind = story().paid().final(None, is_readable=False)

    assert {restless.state(LAW), blind.state(LAW)} == {"unknown"}


def test_a_payment_that_the_story_made_in_another_account_is_not_asked_for(story):
    elsewhere = story().paid().ledger("capture", order="another account", payment="pi_9")

    assert elsewhere.final("PAID", refs=["pi_1"]).state(LAW) == "held"

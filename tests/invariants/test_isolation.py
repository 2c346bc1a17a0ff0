"""R5 over small journals."""

import pytest

LAW = "isolation"
ORDERS = [{"name": "o1", "merchant": "a"}, {"name": "o2", "merchant": "b"}]


@pytest.fixture
def shops(story):
    """Give a story of two merchants, each with an order of its own."""

    def make(acts_for=()):
        told = story("o1", "o2", orders=ORDERS)
        for name, others in (("a", list(acts_for)), ("b", [])):
            told.journal.write(
                "run.merchant",
                merchant=name,
                called=name,
                credential=f"key {name}",
                is_live=False,
                acts_for=others,
            )
        return told

    return make


def asked(told, order, key, op="charge"):
    told.answer(told.arrive(op, order=order, credential=key))
    return told


def waiting(told):
    told.ask("pay", outcome="fail", status="FAILED")
    return told.view("FAILED", 0, 0)


def event_of(told, merchant, status=200):
    return told.send(told.event(facts=[]), "foreign", status, merchant=merchant)


def test_it_holds_when_each_order_uses_its_own_account(shops):
    told = asked(asked(shops(), "o1", "key a"), "o2", "key b")

    assert told.state(LAW) == "held"
    assert told.judge(LAW).antecedents == 2


@pytest.mark.parametrize("op", ["charge", "refund", "fetch", None])
def test_it_breaks_when_a_call_uses_the_account_of_another_merchant(shops, op):
    (breach,) = asked(shops(), "o2", "key a", op).judge(LAW).breaches

    what = f"its {op}" if op else "a call for it"
    assert breach.sentence == f"o2 belongs to merchant b, {what} was asked with the account of merchant a"
    assert len(breach.proof) == 1


def test_a_platform_that_is_declared_to_act_on_behalf_is_not_accused(shops):
    told = asked(asked(shops(acts_for=["b"]), "o2", "key a"), "o1", "key a")

    assert told.state(LAW) == "held"


def test_a_declared_platform_is_no_excuse_the_other_way_round(shops):
    assert asked(shops(acts_for=["b"]), "o1", "key b").state(LAW) == "broken"


def test_a_key_that_is_nobodys_is_not_another_merchants(shops):
    assert asked(shops(), "o1", "an old key of a").state(LAW) == "held"


def test_it_breaks_when_another_merchants_event_pays_an_order(shops):
    (breach,) = event_of(waiting(shops()), "b").view("PAID", 4_999).judge(LAW).breaches

    assert breach.sentence.startswith("an event of merchant b counted: o1 went from FAILED to PAID")


@pytest.mark.parametrize("status", [200, 400])
def test_it_holds_when_another_merchants_event_changes_nothing(shops, status):
    assert event_of(waiting(shops()), "b", status).view("FAILED", 0).state(LAW) == "held"


def test_an_event_of_the_own_account_in_its_other_mode_is_not_another_merchants(shops):
    told = event_of(waiting(shops()), "a").view("PAID", 4_999)

    assert told.state(LAW) == "vacuous"
    assert told.state("only_genuine_counts") == "broken"


def test_a_lie_told_before_the_event_is_not_blamed_on_it(shops):
    told = waiting(shops()).view("PAID", 4_999)

    assert event_of(told, "b").view("PAID", 4_999).state(LAW) == "held"


def test_it_is_unknown_where_no_view_was_read_after_the_event(shops):
    assert event_of(waiting(shops()), "b").state(LAW) == "unknown"


def test_a_story_of_one_merchant_never_puts_it_to_the_test(story):
    assert story().paid().forge(kind="foreign").view("PAID", 4_999).state(LAW) == "vacuous"

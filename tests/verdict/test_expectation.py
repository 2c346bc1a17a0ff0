"""What a story expects of an order whose card was approved with a check that failed."""

import pytest

from badgateway.verdict.expectation import expectation


def ended(story, status, card="cvc_check_failed", **declares):
    begun = story(
        declares=declares,
        orders=[{"name": "o1", "card": card}],
        steps=[{"do": "pay", "order": "o1", "card": None}],
        expect={"order": {"o1": "REVIEW"}},
    )
    return expectation(begun.paid().view(status, after="final").rest().history).breaches


@pytest.mark.parametrize("status", ["PAID", "AUTHORIZED", "REVIEW"])
def test_who_declares_no_review_may_take_the_issuers_word(story, status):
    assert ended(story, status) == ()


def test_who_declares_a_review_has_to_make_it(story):
    (breach,) = ended(story, "PAID", failed_checks="review")

    assert breach.sentence == "o1 should end REVIEW, it is PAID"


def test_a_failed_order_is_no_review(story):
    assert len(ended(story, "FAILED")) == 1


def test_other_stories_mean_review_when_they_say_it(story):
    assert len(ended(story, "PAID", card="approved")) == 1

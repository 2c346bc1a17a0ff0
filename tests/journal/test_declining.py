"""Declines and what followed them, as a journal shows it."""

import pytest

from badgateway.journal.declining import REPEATS_MAX, WINDOW_MS, against_advice, repeats

DAY_MS = 86_400_000


def decline(begun, key="k1", payment="pi_1", **what):
    """Let a charge be declined, and tell it."""
    call = begun.arrive(key=key)
    return begun.commit(call, payment, status=402, **({"refusal": "declined"} | what)).answer(call, 402)


def dunned(story, times, every_ms):
    """Let one card be declined softly again and again, in virtual time."""
    begun = story()
    for n in range(times):
        decline(begun, f"k{n}", f"pi_{n}", advice="later", card="c1")
        begun.clock.jump_to(begun.clock.now_ms() + every_ms)
        begun.journal.write("run.advanced", by_ms=every_ms, why="step")
    return begun


def followed(begun):
    return [(first.id, again.id if again else None) for first, again in against_advice(begun.history)]


def test_a_hard_decline_is_found_with_what_followed(story):
    begun = decline(story(), hard=True).charge("k2", "pi_2")

    assert followed(begun) == [("call1", "call2")]


def test_time_alone_makes_no_card_valid(story):
    begun = decline(story(), advice="shopper")
    begun.journal.write("run.advanced", by_ms=DAY_MS, why="step")

    assert followed(begun.charge("k2", "pi_2")) == [("call1", "call2")]


def test_a_billing_job_that_runs_again_is_no_shopper(story):
    begun = decline(story(), hard=True)
    begun.ask("renew")

    assert followed(begun.charge("k2", "pi_2")) == [("call1", "call2")]


def test_the_shopper_may_decide_anew(story):
    begun = decline(story(), advice="shopper")
    begun.ask("pay")

    assert followed(begun.charge("k2", "pi_2")) == [("call1", None)]


def test_another_card_is_another_matter(story):
    begun = decline(decline(story(), hard=True, card="c1"), "k2", "pi_2", card="c2", advice="later")

    assert followed(begun) == [("call1", None)]


def test_who_must_authenticate_may_be_charged_while_she_is_there(story):
    begun = decline(story(), refusal="authentication_required", advice="shopper")

    assert followed(begun.charge("k2", "pi_1")) == [("call1", None)]


def test_who_must_authenticate_is_not_charged_again_while_she_is_away(story):
    asked = {"refusal": "authentication_required", "advice": "shopper"}
    begun = decline(decline(story(), **asked), "k2", "pi_2", **asked)

    assert followed(begun) == [("call1", "call2"), ("call2", None)]


@pytest.mark.parametrize(
    ("times", "every_ms", "is_too_many"),
    [
        (REPEATS_MAX + 1, DAY_MS, False),
        (REPEATS_MAX + 2, DAY_MS, True),
        (REPEATS_MAX + 12, 3 * DAY_MS, False),
        (REPEATS_MAX + 12, WINDOW_MS // (REPEATS_MAX + 2), True),
    ],
)
def test_soft_declines_are_counted_within_thirty_days(story, times, every_ms, is_too_many):
    ((chain, found),) = repeats(dunned(story, times, every_ms).history)

    assert (len(chain) > 1, found) == (True, is_too_many)


def test_a_decline_that_nobody_repeats_is_no_chain(story):
    assert list(repeats(dunned(story, 1, DAY_MS).history)) == []


def test_the_shopper_begins_a_chain_of_her_own(story):
    begun = dunned(story, 2, DAY_MS)
    begun.ask("pay", outcome="fail")
    decline(begun, "k9", "pi_9", advice="later", card="c1")

    assert [len(chain) for chain, _ in repeats(begun.history)] == [2]

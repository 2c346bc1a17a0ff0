"""What idempotency keys were used for."""

from badgateway.journal.key_use import decisions, reuses


def stored(story, status=500, **commit):
    """Let one call end in a failure that its key is given again."""
    begun = story()
    begun.ask("pay", outcome="info")
    for is_replayed in (False, True):
        call = begun.arrive(key="k1")
        begun.commit(call, None, False, replayed=is_replayed, status=status, **commit).answer(call, status)
    return begun


def test_a_key_that_did_something_is_reused_by_every_call_within_a_day(story):
    begun = story().charge("k1").charge("k1", "pi_1").charge("k2", "pi_2")

    (pair,) = reuses(begun.history)

    assert [call.id for call in pair] == ["call1", "call2"]


def test_a_key_is_forgotten_after_a_day(story):
    begun = story().charge("k1")
    begun.clock.advance(25 * 3_600_000)

    assert list(reuses(begun.charge("k1", "pi_2").history)) == []


def test_a_decision_after_a_stored_failure_is_wasted_on_the_same_key(story):
    begun = stored(story)
    op = begun.invoke("pay")
    call = begun.arrive(key="k1")
    begun.commit(call, None, False, replayed=True, status=500).answer(call, 500).returned(op, "info")

    (decision,) = decisions(begun.history, "o1")

    assert (decision.is_wasted, decision.heard.id, len(decision.calls)) == (True, "call2", 1)


def test_a_decision_before_anything_failed_is_none_of_these(story):
    begun = story()
    begun.ask("pay")

    assert list(decisions(begun.charge("k1").history, "o1")) == []


def test_an_answer_that_never_came_is_not_heard(story):
    begun = story()
    begun.ask("pay", outcome="info")
    call = begun.arrive(key="k1")
    begun.commit(call, None, False, replayed=True, status=500).answer(call, None, "close")
    begun.ask("pay", outcome="info")

    assert list(decisions(begun.history, "o1")) == []

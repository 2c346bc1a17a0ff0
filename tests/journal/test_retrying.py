"""How calls are tried again, as a journal shows it."""

from badgateway.journal.retrying import asked_to_wait, bursts


def test_calls_without_a_new_reason_are_one_burst(story):
    begun = story()
    begun.ask("pay")
    begun.answer(begun.arrive(), 500).answer(begun.arrive(), 500)
    begun.ask("sync")
    begun.answer(begun.arrive(), 500)

    assert [len(burst) for burst in bursts(begun.history)] == [2, 1]


def test_a_look_up_is_no_attempt(story):
    assert list(bursts(story().look_up().look_up().history)) == []


def test_another_request_may_come_while_the_first_is_to_wait(story):
    begun = story()
    begun.answer(begun.arrive("refund", "r1"), 429, retry_after_ms=9_000)
    begun.answer(begun.arrive("refund", "r2"))

    assert [(wait, again) for _, wait, again in asked_to_wait(begun.history)] == [(9_000, None)]

"""What a shopper was told for sure."""

from badgateway.journal.promises import promised


def test_a_status_in_the_answer_weighs_more_than_ok(story):
    begun = story()
    begun.ask("pay", outcome="ok", status="FAILED")

    assert promised(begun.history, "o1").is_ok is False


def test_one_clear_yes_is_enough(story):
    begun = story()
    begun.ask("pay", outcome="info").ask("return", outcome="ok", status="PAID").ask("pay", outcome="fail")

    assert promised(begun.history, "o1").is_ok is True


def test_an_answer_that_never_came_promises_nothing(story):
    begun = story()
    begun.ask("pay", outcome="fail")
    begun.invoke("pay")

    assert promised(begun.history, "o1") is None

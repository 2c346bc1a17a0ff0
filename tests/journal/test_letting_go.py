"""Holds that were let go, and what was asked in spite of that."""

from badgateway.journal.letting_go import called_after, captured_after_cancel, let_go, over_captures


def lapsed(story):
    begun = story()
    begun.ask("pay")
    return begun.ledger("auth").ledger("expire", cause="act:expire").tell("payment.expired")


def ask(story, op):
    call = story.arrive(op, f"{op}1", payment="pi_1")
    return story.commit(call, applied=False, status=400, refusal="wrong_state").answer(call, 400)


def test_a_hold_is_let_go_from_when_it_is_known(story):
    begun = lapsed(story)

    assert [known for _, known in let_go(begun.history, "o1")] == [begun.entries[-1].seq]


def test_raises_captures_and_voids_after_it_are_found(story):
    begun = ask(ask(ask(lapsed(story), "increment"), "capture"), "void")

    assert [call.op for _, call in called_after(begun.history, "o1")] == ["increment", "capture", "void"]


def test_a_void_that_is_decided_again_is_not_meant(story):
    begun = lapsed(story)
    begun.ask("cancel")

    assert list(called_after(ask(begun, "void").history, "o1")) == []


def test_a_capture_after_a_confirmed_cancellation_is_found(story):
    begun = story()
    begun.ask("pay").ask("cancel")
    begun.ledger("auth")

    assert len(list(captured_after_cancel(ask(begun, "capture").history, "o1"))) == 1


def test_a_capture_beyond_the_hold_is_found(story):
    begun = story()
    begun.ledger("auth", 1_000)
    call = begun.arrive("capture", "c1", payment="pi_1", amount=1_500)
    begun.commit(call).ledger("capture", 1_500, cause=call[0])

    assert [held for _, held in over_captures(begun.history, "o1")] == [1_000]

"""The money of each payment by itself."""

from badgateway.journal.holding import by_payment, decisions, live


def test_payments_are_added_up_apart(story):
    held = story().ledger("auth").ledger("capture", 1_000).ledger("auth", 500, payment="pi_2")

    money = by_payment(held.history, "o1", held.entries[-1].seq)

    assert (money["pi_1"].held, money["pi_1"].captured, money["pi_2"].held) == (3_999, 1_000, 500)


def test_a_payment_lives_until_its_money_is_let_go(story):
    gone = (
        story().ledger("auth").ledger("void").ledger("auth", payment="pi_2").ledger("capture", payment="pi_2")
    )
    back = gone.entries[-1].seq
    gone.ledger("refund", payment="pi_2", refund="re_1")

    assert live(gone.history, "o1", back) == ("pi_2",)
    assert live(gone.history, "o1", back + 1) == ()


def test_paying_again_is_the_same_decision(story):
    asked = story()
    asked.ask("pay").ask("pay")
    before = asked.entries[-1].seq
    asked.ask("pay", intent="o1/second")

    assert decisions(asked.history, "o1", before) == 1
    assert decisions(asked.history, "o1", asked.entries[-1].seq) == 2

"""The money of each payment by itself."""

from badgateway.journal.holding import by_payment, decisions, live, misplaced, owners


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


def test_a_payment_without_an_order_is_found_by_itself(story):
    lost = story().paid()
    call = lost.arrive(order=None, amount=4_999)
    lost.commit(call, "pi_9").ledger("capture", order=None, payment="pi_9")

    assert live(lost.history, None, lost.entries[-1].seq) == ("pi_9",)
    assert dict(owners(lost.history)) == {"pi_1": "o1", "pi_9": None}


def test_a_reference_of_another_order_or_of_nobody_is_misplaced(story):
    two = story("o1", "o2").paid("o1").paid("o2")

    assert list(misplaced(two.history, "o1", ["pi_1"])) == []
    assert list(misplaced(two.history, "o1", ["pi_2"])) == ["o1 lists pi_2, which is a payment of o2"]
    assert list(misplaced(two.history, "o1", ["pi_7"])) == ["o1 lists pi_7, which the provider never made"]
    assert list(misplaced(two.history, "o1", ["ch_7", "pi_1_secret"])) == []

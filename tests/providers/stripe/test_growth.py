"""What a provider has long behind it is listed, retrieved and refunded like the rest, and costs no more."""

from __future__ import annotations

import pytest

KEEP, PAYMENTS = 8, 150


@pytest.fixture
def attic(account):
    """Give the account's attic, beside which little stays in memory; it counts what it is asked."""
    attic = account.book.attic
    attic.keep = KEEP
    yield attic
    attic.close()


def pay(client, number: int) -> list[str]:
    """Take payments, and give their ids."""
    return [
        client.payment_intents.create(
            {
                "amount": 1000 + n,
                "currency": "eur",
                "confirm": True,
                "payment_method": "pm_card_visa",
                "return_url": "https://shop.example/back",
                "metadata": {"n": n},
            }
        ).id
        for n in range(number)
    ]


def asked_for_each(client, attic, first: str) -> dict[str, int]:
    """Count what each request asks the attic; the payment is the oldest one."""
    charge = client.payment_intents.retrieve(first).latest_charge
    requests = {
        "retrieve": lambda: client.payment_intents.retrieve(first),
        "charge": lambda: client.charges.retrieve(charge),
        "page": lambda: client.payment_intents.list({"limit": 10, "starting_after": first}),
        "going back": lambda: client.payment_intents.list({"limit": 3, "ending_before": first}),
        "charges": lambda: client.charges.list({"limit": 5}),
        "charges behind one": lambda: client.charges.list({"limit": 5, "starting_after": charge}),
        "events": lambda: client.events.list({"limit": 5}),
        "refunds": lambda: client.refunds.list({"limit": 5}),
        "disputes": lambda: client.disputes.list({"limit": 5}),
        "pay": lambda: pay(client, 1),
    }
    counts = {}
    for name, ask in requests.items():
        before = attic.asked
        ask()
        counts[name] = attic.asked - before
    return counts


def test_no_request_asks_more_when_there_are_more_payments(client, attic):
    first, *_ = pay(client, PAYMENTS)
    few = asked_for_each(client, attic, first)
    pay(client, PAYMENTS)

    many = asked_for_each(client, attic, first)

    assert {name: count for name, count in many.items() if count > few[name]} == {}
    assert max(many.values()) <= 60


def test_pages_follow_each_other_through_memory_and_attic(client, attic):
    made = pay(client, PAYMENTS)

    listed = [one.id for one in client.payment_intents.list({"limit": 100}).auto_paging_iter()]
    back = client.payment_intents.list({"limit": 3, "ending_before": made[0]})

    assert attic.is_used
    assert listed == made[::-1]
    assert ([one.id for one in back], back.has_more) == ([made[3], made[2], made[1]], True)


def test_an_old_payment_is_shown_and_refunded_as_on_its_first_day(client, attic):
    made = pay(client, PAYMENTS)

    old = client.payment_intents.retrieve(made[3])
    refund = client.refunds.create({"payment_intent": made[3], "amount": 400})
    charge = client.charges.retrieve(old.latest_charge)
    told = client.events.list({"type": "payment_intent.created", "limit": 100}).auto_paging_iter()

    assert (old.amount, old.status, old.metadata["n"]) == (1003, "succeeded", "3")
    assert (charge.amount_refunded, refund.charge) == (400, charge.id)
    assert [event.data.object["id"] for event in told] == made[::-1]

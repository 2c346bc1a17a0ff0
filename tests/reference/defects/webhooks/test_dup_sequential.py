"""dup-sequential: a second copy has a second effect."""


def test_a_second_copy_is_fulfilled_again(fake, start):
    shop = start("dup-sequential")
    shop.opened()
    shop.pay()
    event = fake.event("payment_intent.succeeded", fake.payments["pi_1"])

    for _ in range(2):
        shop.tell(event)

    assert shop.view()["effects"] == {"fulfilments": 2, "receipts": 2}

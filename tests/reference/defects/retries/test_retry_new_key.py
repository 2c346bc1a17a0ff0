"""retry-new-key: a lost answer makes a second charge."""


def test_a_lost_answer_is_charged_twice(fake, start):
    shop = start("retry-new-key")
    shop.opened()
    fake.script["pay"] = ["close_after"]

    shop.pay()

    assert len(fake.payments) == 2
    assert len(set(fake.keys("pay"))) == 2

"""Renewing an order while its shopper is away: once for a period, and again only where that may help."""

import threading

import pytest

DAY_MS = 86_400_000
NEXT = {"reference": "o1-2", "amount": "49.99"}
SOFT = {"code": "card_declined", "decline_code": "insufficient_funds", "advice_code": "try_again_later"}


@pytest.fixture
def shop(start):
    """Give an integration with an order that was paid with a method that is kept."""
    made = start()
    made.opened()
    answer = made.client.post("/orders/o1/pay", json={"payment_method": "pm_card_visa", "save": True})
    assert answer.json["status"] == "PAID"
    return made


def renew(shop, **more):
    return shop.client.post("/orders/o1/renewals", json={**NEXT, **more})


def sync(shop, now):
    return shop.client.post(f"/internal/sync?now={now}").json["looked_at"].get("renewed", 0)


def test_the_first_payment_says_that_its_method_will_be_charged_again(fake, shop):
    _, _, asked = next(call for call in fake.calls if call[0] == "pay")

    assert asked["setup_future_usage"] == "off_session"
    assert asked["customer"].startswith("cus_")


def test_a_renewal_charges_the_kept_method_off_session(fake, shop):
    answer = renew(shop)

    _, _, asked = fake.calls[-1]
    assert (answer.status_code, answer.json["status"]) == (200, "PAID")
    assert (asked["off_session"], asked["confirm"], asked["payment_method"]) == (
        "true",
        "true",
        "pm_card_visa",
    )
    assert asked["metadata[order]"] == "o1-2"


def test_a_second_run_for_the_period_charges_nothing(fake, shop):
    renew(shop)

    again = renew(shop)

    assert (again.status_code, again.json["status"], fake.count("pay")) == (200, "PAID", 2)


def test_two_runs_at_the_same_moment_charge_once(fake, shop):
    runs = [threading.Thread(target=renew, args=(shop,)) for _ in range(4)]

    for run in runs:
        run.start()
    for run in runs:
        run.join()

    assert fake.count("pay") == 2


def test_a_lost_answer_is_asked_for_under_the_same_key(fake, shop):
    fake.script["pay"] = ["close_after", "close_before", "close_before"]

    first, again = renew(shop), renew(shop)

    assert (first.status_code, again.status_code) == (202, 202)
    assert len(set(fake.keys("pay")[1:])) == 1


def test_another_amount_for_the_period_is_refused(shop):
    renew(shop)

    assert renew(shop, amount="59.99").status_code == 409


def test_an_order_whose_method_was_not_kept_is_not_renewed(start):
    shop = start()
    shop.opened()
    shop.pay()

    assert renew(shop).status_code == 409


def test_a_soft_decline_is_charged_again_when_it_is_due_and_not_before(fake, shop):
    now = shop.service.clock.wall_ms()
    fake.declines = SOFT
    declined = renew(shop, now=now)

    early = sync(shop, now + DAY_MS - 60_000)
    fake.declines = None
    due = sync(shop, now + DAY_MS)

    assert (declined.status_code, early, due) == (402, 0, 1)
    assert shop.client.get("/orders/o1-2").json["status"] == "PAID"


def test_what_is_paid_is_charged_no_more(fake, shop):
    now = shop.service.clock.wall_ms()
    fake.declines = SOFT
    renew(shop, now=now)
    fake.declines = None
    sync(shop, now + DAY_MS)

    later = [sync(shop, now + days * DAY_MS) for days in (4, 10, 40)]

    assert (later, fake.count("pay")) == ([0, 0, 0], 3)


def test_a_shopper_whom_the_provider_does_not_take_is_no_trouble_that_passes(fake, start):
    error = {"type": "invalid_request_error", "code": "email_invalid", "message": "Invalid email address"}
    fake.script["customer"] = [(400, {"error": error}, {})]
    shop = start()
    shop.opened()

    answer = shop.client.post("/orders/o1/pay", json={"payment_method": "pm_card_visa", "save": True})

    assert (answer.status_code, answer.json["error"]["code"]) == (422, "not_kept")
    assert fake.count("pay") == 0


@pytest.mark.parametrize(("now", "status"), [(15024.0, 200), (15024.5, 400), (True, 400), (1e300, 400)])
def test_a_moment_is_a_whole_number_however_json_writes_it(shop, now, status):
    assert renew(shop, now=now).status_code == status


def test_soft_declines_are_charged_four_times_in_all(fake, shop):
    now = shop.service.clock.wall_ms()
    fake.declines = SOFT
    renew(shop, now=now)

    for days in range(1, 40):
        sync(shop, now + days * DAY_MS)

    assert fake.count("pay") == 1 + 4


@pytest.mark.parametrize(
    "error",
    [
        {"code": "card_declined", "decline_code": "lost_card", "advice_code": "do_not_try_again"},
        {"code": "expired_card", "decline_code": "expired_card", "advice_code": "confirm_card_data"},
        {"code": "authentication_required", "decline_code": "authentication_required"},
        {"code": "card_declined", "decline_code": "a_word_of_next_year"},
    ],
    ids=lambda error: error["decline_code"],
)
def test_what_only_the_shopper_can_mend_is_left_to_her(fake, shop, error):
    now = shop.service.clock.wall_ms()
    fake.declines = error
    renew(shop, now=now)

    for days in (1, 4, 9):
        sync(shop, now + days * DAY_MS)

    assert fake.count("pay") == 2


def test_a_bounced_debit_is_presented_twice_more(fake, shop):
    now = shop.service.clock.wall_ms()
    fake.declines = {"code": "payment_intent_payment_attempt_failed", "decline_code": "insufficient_funds"}
    renew(shop, now=now)

    for days in range(1, 40):
        sync(shop, now + days * DAY_MS)

    assert fake.count("pay") == 1 + 3


def test_the_shopper_may_pay_an_open_period_herself(fake, shop):
    now = shop.service.clock.wall_ms()
    fake.declines = SOFT
    renew(shop, now=now)
    fake.declines = None

    paid = shop.client.post("/orders/o1-2/pay", json={"payment_method": "pm_card_visa"})
    sync(shop, now + DAY_MS)

    assert (paid.json["status"], fake.count("pay")) == ("PAID", 3)

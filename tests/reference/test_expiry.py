"""The expiry job: who left the bank's page is not waited for, and who came back is not turned away."""

import pytest

DAY_MS = 86_400_000


def sync(shop, after_ms):
    now_ms = shop.service.clock.wall_ms() + after_ms
    return shop.client.post(f"/internal/sync?now={now_ms}").json["looked_at"]


@pytest.fixture
def left(fake, start):
    """Give a shop whose shopper stands before the bank's page."""
    shop = start()
    shop.opened()
    shop.pay(method="pm_action")
    return shop


def test_an_order_that_was_left_is_cancelled_here_and_at_the_provider(fake, left):
    done = sync(left, DAY_MS + 1)

    assert done["expired"] == 1
    assert left.view()["status"] == "CANCELLED"
    assert fake.payments["pi_1"]["status"] == "canceled"


def test_before_its_time_nothing_expires(left):
    assert "expired" not in sync(left, DAY_MS - 60_000)
    assert left.view()["status"] == "PENDING"


def test_a_bank_that_takes_days_is_waited_for(fake, start):
    shop = start()
    shop.opened()
    shop.pay(method="pm_slow")

    sync(shop, 3 * DAY_MS)

    assert shop.view()["status"] == "PENDING"


def test_who_paid_unheard_is_paid_and_not_cancelled(fake, left):
    fake.become(fake.payments["pi_1"], "succeeded", 4999)

    sync(left, DAY_MS + 1)

    assert left.view()["status"] == "PAID"


def test_a_moment_in_the_past_expires_nothing(left):
    assert left.client.post("/internal/sync?now=0").status_code == 200
    assert left.view()["status"] == "PENDING"


def test_a_moment_that_is_none_is_refused(left):
    assert left.client.post("/internal/sync?now=tomorrow").status_code == 400

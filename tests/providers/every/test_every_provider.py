"""One suite for every provider, dialects in Python and declared ones, over loopback HTTP.

Each check is a function, so that the tests below can also show that it fails for a provider that is wrong.
"""

import asyncio
import json

import pytest

from badgateway.play.freeplay import pass_time
from badgateway.providers import DIALECTS

PROVIDERS = DIALECTS.names()
DEBITS = (("bank_debit_no_funds", "payment.failed", 0), ("bank_debit", "payment.succeeded", 4999))
DAY_MS = 86_400_000
# currency -> minor units of about fifty of it; a last digit of 0 where providers want that of three decimals
MONEY = {"EUR": 4999, "JPY": 5001, "KWD": 49_990}


async def payments_are_made_and_charged(one):
    heard = await one.voice.pay(4999, "EUR", reference="order17")

    assert heard.is_ok, heard
    assert len(one.payments) == 1
    assert (one.payment.captured_minor, one.payment.currency) == (4999, "EUR")
    assert "order17" in one.payment.order_ref
    assert (one.moved("auth"), one.moved("capture")) == (4999, 4999)
    event, _ = await one.delivered("payment.succeeded")
    assert event.data["payment"] == one.payment.id


async def holds_are_captured_in_part(one):
    await one.voice.pay(4999, "EUR", manual=True)
    held = one.payment
    heard = await one.voice.capture(2000, "EUR")

    assert (held.status, held.held_minor, held.captured_minor) == ("authorized", 4999, 0)
    assert heard.is_ok, heard
    assert one.payment.captured_minor == one.moved("capture") == 2000
    await one.delivered("payment.authorized")
    again = await one.voice.capture(4000, "EUR")
    assert one.moved("capture") == 2000, again


async def holds_are_released(one):
    if not one.voice.can("void"):
        return
    await one.voice.pay(4999, "EUR", manual=True)
    heard = await one.voice.void()

    assert heard.is_ok, heard
    assert (one.payment.status, one.moved("void"), one.moved("capture")) == ("voided", 4999, 0)
    await one.delivered("payment.voided")
    assert not (await one.voice.capture(4999, "EUR")).is_ok or one.moved("capture") == 0


async def captured_money_is_given_back(one):
    await one.voice.pay(4999, "EUR")
    first = await one.voice.refund(1000, "EUR")
    too_much = await one.voice.refund(4000, "EUR")

    assert first.is_ok, first
    assert one.payment.refunded_minor == one.moved("refund") == 1000, too_much
    await one.delivered("refund.succeeded")
    rest = await one.voice.refund(3999, "EUR")
    assert rest.is_ok, rest
    assert one.payment.refunded_minor == 4999


async def keys_are_replayed(one):
    if not one.voice.has_keys:
        return
    first = await one.voice.pay(4999, "EUR", key="key-number-1")
    second = await one.voice.pay(4999, "EUR", key="key-number-1")

    assert len(one.payments) == 1
    assert one.moved("capture") == 4999
    assert (second.is_ok, second.ids) == (first.is_ok, first.ids)
    assert second.json() == first.json()
    other = await one.voice.pay(4998, "EUR", key="key-number-1")
    assert len(one.payments) == 1, other
    assert other.is_ok != one.voice.may_refuse_reuse
    await one.voice.pay(4998, "EUR", key="key-number-2")
    assert len(one.payments) == 2


async def webhooks_are_signed(one):
    await one.voice.pay(4999, "EUR")
    _, (hit, *_) = await one.delivered("payment.succeeded")

    assert one.voice.is_genuine(hit)
    if getattr(one.voice, "spec", None) is not None and one.voice.spec.webhooks.signature.scheme == "none":
        return
    forged = type(hit)(0, hit.headers, hit.body.replace(b"4999", b"9999").replace(b"49.99", b"99.99"))
    is_body_signed = getattr(one.voice, "is_body_signed", True) and (
        getattr(one.voice, "spec", None) is None or one.voice.spec.webhooks.signature.scheme != "basic"
    )
    assert one.voice.is_genuine(forged) != is_body_signed
    assert not one.voice.is_genuine(hit, "ab" * 32)


async def refused_webhooks_climb_the_ladder(one):
    one.answers_with = 500
    await one.voice.pay(4999, "EUR")
    event, _ = await one.delivered("payment.succeeded")
    ladder = one.dialect.retry_ladder_ms
    for n, gap in enumerate(ladder, start=1):
        await one.until(lambda n=n: len(one._hits_of(event)) == n and one.waiting(event))
        (item,) = one.waiting(event)
        left_ms = item.due_ms - one.world.clock.now_ms()
        assert 0 < left_ms <= gap
        one.world.clock.advance(left_ms)

    await one.until(lambda: len(one._hits_of(event)) == len(ladder) + 1 and not one.waiting(event))
    hits = one._hits_of(event)
    assert len({json.dumps(hit.json(), sort_keys=True) for hit in hits}) == 1
    assert all(one.voice.is_genuine(hit) for hit in hits)


async def mistakes_are_refused_and_change_nothing(one):
    stranger = await one.voice.pay_badly(api_key="sk_test_of_nobody")
    no_amount = await one.voice.pay_badly(without="amount")
    no_currency = await one.voice.pay_badly(without="currency")

    assert stranger.status in {401, 403}, stranger
    assert 400 <= no_amount.status < 500, no_amount
    assert 400 <= no_currency.status < 500, no_currency
    assert one.payments == ()
    if one.voice.can("fetch"):
        assert 400 <= (await one.voice.fetch_unknown()).status < 500


async def unknown_cards_move_nothing(one):
    heard = await one.voice.pay(4999, "EUR", card="tok_that_nobody_knows")

    assert not heard.is_ok, heard
    assert one.moved("auth") == one.moved("capture") == 0


async def declined_cards_move_nothing(one):
    heard = await one.voice.pay(4999, "EUR", card="declined")

    assert one.moved("auth") == one.moved("capture") == 0, heard
    assert [tried.status for tried in one.payment.attempts] == ["failed"], heard
    await one.delivered("payment.failed")
    again = await one.voice.pay_again(4999, "EUR", "approved")
    assert again is None or (again.is_ok and one.moved("capture") == 4999), again


async def shoppers_are_asked(one):
    if "authentication_required" not in one.dialect.cards:
        return
    for n, (result, name, minor) in enumerate(
        [("fail", "payment.failed", 0), ("pass", "payment.succeeded", 4999)]
    ):
        heard = await one.voice.pay(4999, "EUR", card="authentication_required", key=f"key-number-{n}")
        url = one.voice.page_of(heard)

        assert (one.moved("auth"), one.payment.status) == (0, "action"), heard
        assert url, heard
        back = await one.visit(url, result)
        assert back.status in {302, 303}, back
        assert back.headers["Location"].startswith("https://shop.example/"), back
        if hasattr(one.voice, "come_back"):
            await one.voice.come_back(back)
        assert one.moved("capture") == one.payment.captured_minor == minor
        event, _ = await one.delivered(name)
        assert event.data["payment"] == one.payment.id


async def debits_are_paid_days_later(one):
    for card, name, minor in DEBITS:
        if card not in one.dialect.cards:
            continue
        heard = await one.voice.pay(4999, "USD", card=card, key=f"key-of-{card}")

        assert heard.is_ok, heard
        assert (one.payment.status, one.moved("auth")) == ("pending", 0)
        pass_time(one.world, one.world.clock.now_ms() + 3 * DAY_MS)
        assert (one.payment.status, one.moved("auth")) == ("pending", 0)
        pass_time(one.world, one.world.clock.now_ms() + 2 * DAY_MS)
        assert one.moved("capture") == one.payment.captured_minor == minor
        event, _ = await one.delivered(name)
        assert event.data["payment"] == one.payment.id


async def amounts_keep_their_decimals(one):
    for currency, minor in MONEY.items():
        heard = await one.voice.pay(minor, currency, key=f"key-of-{currency}")

        assert heard.is_ok, (currency, heard)
        assert (one.payment.captured_minor, one.payment.currency) == (minor, currency)


async def what_is_looked_at_is_what_was_paid(one):
    if not one.voice.can("fetch"):
        return
    paid = await one.voice.pay(4999, "EUR")
    shown = await one.voice.fetch()

    assert shown.is_ok, shown
    assert one.payment.id.encode() in shown.body or paid.ids["attempt"].encode() in shown.body
    assert b"4999" in shown.body or b"49.99" in shown.body


async def each_fact_has_one_event_of_its_name(one):
    await one.voice.pay(4999, "EUR")
    await one.voice.refund(4999, "EUR")
    await one.delivered("refund.succeeded")

    assert len(one.events("payment.succeeded")) == len(one.events("refund.succeeded")) == 1
    told = [e for e in one.journal.entries if e.kind == "event.created"]
    assert len({e.data["event"] for e in told}) == len(told)


CHECKS = (
    payments_are_made_and_charged, holds_are_captured_in_part, holds_are_released,
    captured_money_is_given_back, keys_are_replayed, webhooks_are_signed, refused_webhooks_climb_the_ladder,
    mistakes_are_refused_and_change_nothing, unknown_cards_move_nothing, declined_cards_move_nothing,
    shoppers_are_asked, debits_are_paid_days_later, amounts_keep_their_decimals,
    what_is_looked_at_is_what_was_paid, each_fact_has_one_event_of_its_name,
)  # fmt: skip


@pytest.fixture
def hold(bench):
    """Give what holds a provider to a check, on a bench of its own."""

    def held(dialect, check):
        async def main():
            async with bench(dialect) as one:
                await check(one)

        asyncio.run(main())

    return held


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider(provider, check, hold):
    hold(provider, check)

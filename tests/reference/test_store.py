"""No transaction is open while a provider is asked, and the trail cannot be rewritten."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from badgateway.reference.audit import first_broken_link
from badgateway.reference.provider import CallFailed
from badgateway.reference.tables import attempts, audit


def test_a_provider_call_inside_a_transaction_is_refused(fake, start):
    service = start().service

    with pytest.raises(AssertionError, match="inside a database transaction"), service.store.read():
        service.provider.payment("pi_1")

    assert fake.calls == []


def test_no_story_asks_the_provider_inside_a_transaction(fake, start):
    """The hook that asserts it runs before every call; here it also counts that it ran."""
    shop, seen = start(), []
    check = shop.service.provider._wire._before_call
    shop.service.provider._wire._before_call = lambda: (check(), seen.append(shop.service.store.is_busy()))

    shop.opened(capture="manual")
    shop.pay()
    shop.client.post("/orders/o1/capture", json={})
    shop.client.post("/orders/o1/refunds", json={"amount": "1.00"})
    shop.tell(fake.event("charge.refunded", fake.payments["pi_1"]["latest_charge"]))
    shop.client.post("/internal/sync")

    assert len(seen) == len(fake.calls) >= 5
    assert not any(seen)


def test_transactions_do_not_nest(start):
    store = start().service.store

    with pytest.raises(AssertionError, match="do not nest"), store.read(), store.write():
        pass


def test_a_failed_transaction_leaves_nothing(start):
    shop = start()
    shop.opened()

    def write_and_fail():
        with shop.service.store.write() as tx:
            tx.execute(update(audit).values(what="changed"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()

    assert [change["what"] for change in shop.view()["changes"]] == ["opened"]


def test_the_database_refuses_a_second_live_attempt(fake, start):
    shop = start()
    shop.opened()
    shop.pay()
    twin = {
        "order_id": 1,
        "n": 2,
        "method": "x",
        "amount_minor": 1,
        "currency": "EUR",
        "state": "SENT",
        "live_slot": 1,
        "expected_minor": 1,
        "captured_minor": 0,
        "changed_ms": 0,
        "version": 0,
        "created_ms": 0,
    }

    with pytest.raises(IntegrityError), shop.service.store.write() as tx:
        tx.execute(insert(attempts).values(twin))


def test_a_changed_audit_row_breaks_the_chain(fake, start):
    shop = start()
    shop.opened()
    shop.pay()
    with shop.service.store.read() as tx:
        whole = first_broken_link(tx)

    with shop.service.store.write() as tx:
        tx.execute(update(audit).where(audit.c.seq == 2).values(detail='{"n": 9}'))

    with shop.service.store.read() as tx:
        assert (whole, first_broken_link(tx)) == (None, 2)


def test_the_intent_is_on_disk_before_the_call(fake, start):
    shop = start()
    shop.opened()
    held = []
    perform = shop.service.provider.perform

    def look_first(kind, *rest):
        held.append((kind, shop.view()["attempts"][0]["state"]))
        return perform(kind, *rest)

    shop.service.provider.perform = look_first
    shop.pay()

    assert held == [("pay", "SENT")]


def test_an_unknown_payment_is_a_refusal(start):
    with pytest.raises(CallFailed) as caught:
        start().service.provider.payment("pi_none")

    assert (caught.value.proves, caught.value.code) == ("refused", "resource_missing")

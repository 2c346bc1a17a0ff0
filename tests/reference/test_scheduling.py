"""The lease of the look-up job: one copy at a time, and none for ever."""

from __future__ import annotations

from sqlalchemy import select, update

from badgateway.reference.tables import leases


def turn(shop, job="sync"):
    return shop.service.policies.scheduling.turn(shop.service.store, shop.service.clock, job)


def test_while_one_copy_has_its_turn_another_has_none(start):
    old, new = start(), start()

    with turn(old) as first, turn(new) as second, turn(new, "sync of order 7") as other:
        turns = first, second, other
    with turn(new) as later:
        after = later

    assert turns == (True, False, True)
    assert after


def test_the_lease_of_a_copy_that_died_runs_out(start):
    dead, heir = start(), start()
    lost = turn(dead)
    lost.__enter__()
    with heir.service.store.write() as tx:
        tx.execute(update(leases).values(until_ms=0, owner="a copy that is gone"))

    with turn(heir) as mine:
        got = mine
    lost.__exit__(None, None, None)

    assert got


def test_a_long_turn_keeps_its_lease_alive(start):
    shop = start()

    with turn(shop):
        with shop.service.store.read() as tx:
            before = tx.execute(select(leases.c.until_ms)).scalar_one()
        until = before
        while until == before:
            with shop.service.store.read() as tx:
                until = tx.execute(select(leases.c.until_ms)).scalar_one()

    assert until > before


def test_a_copy_whose_turn_it_is_not_asks_nobody(fake, start):
    old, new = start(), start()
    old.opened()
    fake.script["pay"] = ["close_before"] * 3
    old.pay()
    before = len(fake.calls)

    with turn(old):
        answer = new.client.post("/internal/sync")

    assert answer.json == {"looked_at": {"elsewhere": 1}}
    assert len(fake.calls) == before

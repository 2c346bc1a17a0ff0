"""What was put into the attic is always found there, and what was not is hardly ever looked for."""

from __future__ import annotations

from badgateway.ground.attic import Attic
from badgateway.ground.chronicle import BATCH, Chronicle
from badgateway.ground.whereabouts import GENERATION, TOGETHER, Whereabouts


def test_the_key_of_every_row_is_among_those_that_its_id_may_have():
    whereabouts = Whereabouts()

    keys = {f"id{n}": whereabouts.put(f"id{n}") for n in range(3 * GENERATION)}

    assert all(key in whereabouts.of(known) for known, key in keys.items())


def test_an_id_that_is_put_in_again_is_looked_for_where_it_is_newest_first():
    whereabouts = Whereabouts()
    first = whereabouts.put("id")
    for n in range(GENERATION * TOGETHER):
        whereabouts.put(str(n))
    again = whereabouts.put("id")

    found = list(whereabouts.of("id"))

    assert (found[0], found[-1]) == (again, first)
    assert again >> 32 == TOGETHER


def test_what_is_put_in_at_one_time_has_keys_that_stand_together():
    whereabouts = Whereabouts()

    keys = [whereabouts.put(str(n)) for n in range(2 * GENERATION)]

    assert max(keys[:GENERATION]) < min(keys[GENERATION:])
    assert max(keys) < 1 << 33


def test_a_new_id_is_hardly_ever_looked_for():
    whereabouts = Whereabouts()
    for n in range(10 * GENERATION):
        whereabouts.put(f"id{n}")

    passed = sum(1 for n in range(10_000) for _ in whereabouts.of(f"new{n}"))

    assert passed < 1_000


def test_it_stays_so_when_there_are_many():
    whereabouts = Whereabouts()
    for n in range(GENERATION * TOGETHER):
        whereabouts.put(f"id{n}")

    passed = sum(1 for n in range(10_000) for _ in whereabouts.of(f"new{n}"))

    assert passed < 500


def test_a_look_up_of_a_new_id_does_not_open_the_attic():
    attic = Attic(keep=1)
    chronicle = Chronicle(attic)
    for n in range(10 * BATCH):
        chronicle[f"id{n}"] = n
    before = attic.asked

    missing = [chronicle.get(f"new{n}") for n in range(1_000)]

    assert missing == [None] * 1_000
    assert attic.asked - before < 100
    assert chronicle["id0"] == 0
    attic.close()

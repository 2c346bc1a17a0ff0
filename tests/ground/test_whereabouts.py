"""What was put into the attic is always found there, and what was not is hardly ever looked for."""

from __future__ import annotations

from badgateway.ground.attic import Attic
from badgateway.ground.chronicle import BATCH, Chronicle
from badgateway.ground.whereabouts import GENERATION, TOGETHER, Whereabouts

MANY = 64 * GENERATION  # after which filters need more room


def noted(count: int) -> Whereabouts:
    """Give the whereabouts of so many ids: `id1` at place 1, and so on."""
    whereabouts = Whereabouts()
    whereabouts.put({n: (f"id{n}", None)} for n in range(1, count + 1))
    return whereabouts


def test_every_id_is_found_where_it_was_put():
    whereabouts = noted(3 * GENERATION)

    assert all(n in whereabouts.of(f"id{n}") for n in range(1, 3 * GENERATION + 1))


def test_an_id_has_nearly_always_one_place():
    whereabouts = noted(3 * GENERATION)

    found = sum(len(list(whereabouts.of(f"id{n}"))) for n in range(1, 3 * GENERATION + 1))

    assert found - 3 * GENERATION < 10


def test_places_are_noted_in_any_order_and_may_be_far_apart():
    whereabouts = Whereabouts()
    far = GENERATION * (TOGETHER + 3) + 5

    whereabouts.put([{far: ("far", None)}, {9: ("near", None), 11: ("beside", None)}])

    assert [list(whereabouts.of(one)) for one in ("far", "near", "beside")] == [[far], [9], [11]]
    assert [whereabouts.has(n) for n in (9, 10, 11, far, far + GENERATION)] == [
        True,
        False,
        True,
        True,
        False,
    ]
    assert [whereabouts.has_any(n, 8) for n in (0, 8, 16, far + GENERATION)] == [False, True, False, False]


def test_what_was_noted_is_found_in_further_trays():
    whereabouts, places = Whereabouts(), range(1, 5 * MANY, 3 * GENERATION)

    for n in places:
        whereabouts.put([{n: (f"id{n}", None)}])
        assert list(whereabouts.of(f"id{n}")) == [n]

    assert [list(whereabouts.of(f"id{n}")) for n in places] == [[n] for n in places]


def test_what_is_forgotten_is_not_found_and_its_place_is_free():
    whereabouts = noted(20)

    whereabouts.forget(7)

    assert not list(whereabouts.of("id7"))
    assert (whereabouts.has(7), whereabouts.has_any(7, 1), whereabouts.has_any(7, 2)) == (False, False, True)


def test_a_new_id_is_hardly_ever_looked_for():
    whereabouts = noted(10 * GENERATION)

    passed = sum(1 for n in range(10_000) for _ in whereabouts.of(f"new{n}"))

    assert passed < 10


def test_it_stays_so_when_there_are_many():
    whereabouts = noted(2 * MANY)

    passed = sum(1 for n in range(10_000) for _ in whereabouts.of(f"new{n}"))

    assert passed < 20


def test_few_lists_of_hashes_are_gone_through_for_a_new_id():
    whereabouts = noted(2 * MANY)

    gone_through = sum(1 for n in range(10_000) if whereabouts.of(f"new{n}") != ())

    assert gone_through < 1_500


def test_eight_bytes_an_id_stay_in_memory():
    whereabouts = noted(2 * MANY)

    lists = sum(len(one) * one.itemsize for one in whereabouts._hashes)
    kept = lists + sum(len(one) * one.itemsize for one in whereabouts._trays)

    assert kept <= 8 * (2 * MANY + GENERATION) + (8 << 16)


def test_a_look_up_of_a_new_id_does_not_open_the_attic():
    attic = Attic(keep=1)
    chronicle = Chronicle(attic)
    for n in range(10 * BATCH):
        chronicle[f"id{n}"] = n
    before = attic.asked

    missing = [chronicle.get(f"new{n}") for n in range(1_000)]

    assert missing == [None] * 1_000
    assert attic.asked - before < 10
    assert chronicle["id0"] == 0
    attic.close()

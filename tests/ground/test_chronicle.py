"""What is more than a bound stays at hand: looked up, listed from either end, changed and taken away."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.errors import EnvironmentProblem
from badgateway.ground.attic import Attic, each_packed, unpacked
from badgateway.ground.chronicle import BATCH, CHUNK, DRAWER, Chronicle, Scroll, Series
from badgateway.payments.model import Attempt, Payment, Status


@dataclass(frozen=True, slots=True)
class Told:
    id: str
    texts: dict = field(default_factory=dict)


@pytest.fixture
def attic():
    """Give an attic beside which three records of a kind stay in memory."""
    attic = Attic(keep=3)
    yield attic
    attic.close()


@pytest.fixture
def long(attic):
    """Give a chronicle most of which is in the attic."""
    chronicle = Chronicle(attic)
    for n in range(1, 1001):
        chronicle[f"id{n}"] = n
    return chronicle


def test_old_records_are_found_and_unknown_ones_are_not(long, attic):
    assert attic.is_used
    assert [long["id1"], long.get("id500"), long["id1000"], len(long)] == [1, 500, 1000, 1000]
    assert "id2" in long
    assert "id1001" not in long
    assert long.get("id0") is None


def test_a_new_record_is_added_without_a_look_into_the_attic(long, attic):
    before = attic.asked
    long.add("id1001", 1001)

    assert attic.asked == before
    assert (long["id1001"], long.place("id1001"), len(long)) == (1001, 1001, 1001)
    assert next(reversed(long)) == "id1001"


def test_what_is_added_goes_to_the_attic_in_its_turn(attic):
    chronicle = Chronicle(attic)
    for n in range(1, 501):
        chronicle.add(f"id{n}", n)

    assert attic.is_used
    assert [*chronicle.values()] == [*range(1, 501)]


def test_lists_begin_anywhere_and_read_no_further_than_they_are_asked(long, attic):
    before = attic.asked

    page = [n for (_, n), _ in zip(long.newest_first(long.place("id700")), range(10), strict=False)]

    assert page == list(range(699, 689, -1))
    assert attic.asked - before <= 2
    assert [n for _, n in long.oldest_first(long.place("id998"))] == [999, 1000]


def test_a_changed_record_keeps_its_place_wherever_it_was(long):
    long["id5"], long["id1000"] = -5, -1000
    for n in range(2 * BATCH):
        long[f"more{n}"] = n

    assert [n for _, n in zip(long.values(), range(6), strict=False)] == [0, 1, 2, 3, 4, 5]
    assert list(long.values())[:6] == [1, 2, 3, 4, -5, 6]
    assert long["id1000"] == -1000
    assert len(long) == 1000 + 2 * BATCH


def test_what_is_taken_away_is_gone_from_memory_and_attic(long):
    long["id7"] = -7
    for key in ("id1", "id7", "id1000"):
        del long[key]

    assert list(long)[:7] == ["id2", "id3", "id4", "id5", "id6", "id8", "id9"]
    assert len(long) == 997
    with pytest.raises(KeyError):
        del long["id7"]


@given(st.lists(st.tuples(st.sampled_from(["put", "take"]), st.integers(0, 400)), max_size=600))
@settings(max_examples=20, deadline=None)
def test_it_is_a_dictionary_whatever_is_done_with_it(done):
    attic, plain = Attic(keep=1), {}
    long = Chronicle(attic)
    for n in range(300):
        long[str(n)] = plain[str(n)] = n

    for n, (what, key) in enumerate(done):
        if what == "put":
            long[str(key)] = plain[str(key)] = -n
        else:
            assert long.pop(str(key), None) == plain.pop(str(key), None)

    assert list(long.items()) == list(plain.items())
    assert list(reversed(long)) == list(reversed(plain))
    assert len(long) == len(plain)
    attic.close()


IDS = [f"id{n}" for n in range(70)]
DONE = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "set", "next", "next", "take", "get", "page", "take first"]),
        st.sampled_from(IDS),
    ),
    min_size=60,
    max_size=250,
)


@given(DONE, st.sampled_from([1, 7, 30]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_attic_changes_nothing_but_where_records_are(done, keep, is_bulky):
    attic, plain, places = Attic(keep), {}, {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("badgateway.ground.chronicle.BATCH", DRAWER + 2)
        long = Chronicle(attic, is_bulky=is_bulky)
        for n, (what, named) in enumerate(done):
            key = {"next": f"new{n}", "take first": next(iter(plain), named)}.get(what, named)
            if what in ("set", "next"):
                if key not in plain:
                    places[key] = max(places.values(), default=0) + 1
                if what == "next":
                    long.add(key, Told(key, {"n": n}))
                else:
                    long[key] = Told(key, {"n": n})
                plain[key] = Told(key, {"n": n})
            elif what.startswith("take"):
                assert long.pop(key, None) == plain.pop(key, None)
            elif what == "get":
                assert long.get(key) == plain.get(key)
                assert long.place(key) == (places[key] if key in plain else None)
            else:
                _assert_pages_are(long, plain, key)
            assert len(long) == len(plain)

    assert list(long.items()) == list(plain.items())
    assert list(long.values()) == list(plain.values())
    assert list(reversed(long)) == list(reversed(plain))
    assert [long.place(key) for key in plain] == [places[key] for key in plain]
    assert [key in long for key in IDS] == [key in plain for key in IDS]
    attic.close()


def _assert_pages_are(long, plain, key):
    """Compare a page of five from either side of an id, or from the ends where it is not there."""
    place, ids = long.place(key), list(plain)
    older = ids[: ids.index(key)] if place is not None else ids
    newer = ids[ids.index(key) + 1 :] if place is not None else ids
    back, on = long.newest_first(place), long.oldest_first(place or 0)

    assert list(islice(back, 5)) == [(one, plain[one]) for one in reversed(older[-5:])]
    assert list(islice(on, 5)) == [(one, plain[one]) for one in newer[:5]]


def test_what_is_put_in_while_a_list_is_read_shows_up_once(attic):
    long = Chronicle(attic)
    for n in range(300):
        long.add(f"id{n}", n)
    reading, seen = long.oldest_first(), []

    for n, (key, _) in enumerate(reading):
        seen.append(key)
        long[f"id{n // 2}"] = -n

    assert seen == [f"id{n}" for n in range(300)]
    assert len(long) == 300


def test_whatever_is_taken_from_a_drawer_its_room_is_given_back(attic):
    long = Chronicle(attic)
    for n in range(1, 40 * BATCH):
        long.add(f"id{n}", f"{n:01000}")
    before = attic.run("PRAGMA freelist_count")[0][0]

    for n in range(1, 20 * BATCH):
        del long[f"id{n}"]

    assert attic.run("PRAGMA freelist_count")[0][0] - before > 100
    assert next(iter(long)) == f"id{20 * BATCH}"


def test_a_part_of_a_drawer_that_was_taken_away_does_not_come_back_with_its_neighbours(attic):
    long = Chronicle(attic)
    for n in range(1, 300):
        long.add(f"id{n}", n)
    del long["id9"]
    long["id10"] = -10
    for n in range(300, 700):
        long.add(f"id{n}", n)

    assert [key for key, _ in islice(long.oldest_first(6), 4)] == ["id7", "id8", "id10", "id11"]
    assert ("id9" in long, long["id10"], long.place("id10")) == (False, -10, 10)


def test_what_is_put_away_in_its_turn_is_never_read_for_it(attic):
    long = Chronicle(attic)
    long.update({f"id{n}": n for n in range(2 * BATCH)})
    before = attic.asked

    for n in range(5 * BATCH):
        long.add(f"more{n}", n)

    assert attic.asked - before <= 6


def test_records_come_back_as_they_were_with_what_they_hold():
    payment = Payment(
        "pi_1",
        100,
        "EUR",
        status=Status.SUCCEEDED,
        attempts=(Attempt("a", 100, "captured"),),
        details=MappingProxyType({"metadata": {"order": "o1"}, "texts": ["é"]}),
    )

    back = unpacked(*each_packed([(payment, Told("t", {"a": 1}))]))

    assert back == (payment, Told("t", {"a": 1}))
    assert back[0].status is Status.SUCCEEDED
    with pytest.raises(TypeError):
        back[0].details["metadata"] = None


def test_a_scroll_is_read_from_any_number_on(attic):
    scroll = Scroll(attic)
    for n in range(1, 5 * CHUNK):
        scroll.append(n)

    assert len(scroll) == 5 * CHUNK - 1
    assert [list(scroll.since(n))[:2] for n in (0, CHUNK - 1, CHUNK, 5 * CHUNK - 3)] == [
        [1, 2],
        [CHUNK, CHUNK + 1],
        [CHUNK + 1, CHUNK + 2],
        [5 * CHUNK - 2, 5 * CHUNK - 1],
    ]
    assert list(scroll.since(5 * CHUNK)) == []


def test_a_series_is_a_sequence_over_all_of_it(long):
    series = Series(long)

    assert (series[0], series[499], series[-1], len(series)) == (1, 500, 1000, 1000)
    assert series[998:] == (999, 1000)
    assert series == tuple(range(1, 1001))
    assert next(iter(reversed(series))) == 1000
    assert next(series.newest_first("id3")) == 2
    with pytest.raises(KeyError):
        series.newest_first("id0")
    with pytest.raises(IndexError):
        series[1000]


def test_the_bound_is_told_once_when_it_is_reached():
    told = []
    attic = Attic(keep=2, on_full=told.append)
    one, other = Chronicle(attic), Chronicle(attic)

    for n in range(BATCH + 1):
        one[str(n)] = n
    assert told == []
    for n in range(3 * BATCH):
        one[f"more{n}"] = other[f"more{n}"] = n

    assert told == ["more than 2 records of a kind: older ones are kept in a file"]
    attic.close()


def test_a_disk_that_refuses_is_said_so(attic, long):
    attic.run("PRAGMA max_page_count = 1")

    with pytest.raises(EnvironmentProblem, match="older records cannot be kept in a file"):
        long.update({f"more{n}": "x" * 100 for n in range(10_000)})

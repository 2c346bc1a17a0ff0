from collections import Counter
from functools import partial
from types import SimpleNamespace

import pytest

from badgateway.errors import InputError, UnknownWord
from badgateway.ground.catalogue import Catalogue

LOADED = Counter()


def part(name):
    LOADED[name] += 1
    return SimpleNamespace(name=name)


@pytest.fixture
def catalogue():
    LOADED.clear()
    given = [SimpleNamespace(name="a"), SimpleNamespace(name="b")]
    return Catalogue("thing", given, {name: partial(part, name) for name in ("d", "c")})


def test_names_stand_in_one_explicit_order_and_load_nothing(catalogue):
    assert catalogue.names() == ("a", "b", "d", "c")
    assert len(catalogue) == 4
    assert "c" in catalogue
    assert "c" in catalogue.known
    assert not LOADED


def test_a_part_is_loaded_when_it_is_first_asked_for_and_then_kept(catalogue):
    assert catalogue["d"] is catalogue["d"]
    assert LOADED == {"d": 1}


def test_going_through_loads_one_after_the_other(catalogue):
    parts = iter(catalogue)

    assert [next(parts).name for _ in range(3)] == ["a", "b", "d"]
    assert LOADED == {"d": 1}


@pytest.mark.parametrize("name", ["a", "c", "mine"])
def test_a_namesake_is_refused_whether_or_not_it_was_loaded(catalogue, name):
    catalogue.add(SimpleNamespace(name="mine"))

    with pytest.raises(InputError, match=f"there is a thing '{name}' already"):
        catalogue.add(SimpleNamespace(name=name))
    assert not LOADED


def test_an_unknown_name_is_told_with_the_nearest_and_loads_nothing():
    catalogue = Catalogue("thing", later={"stripes": partial(part, "stripes")})
    LOADED.clear()

    with pytest.raises(UnknownWord, match="stripes"):
        catalogue["stripse"]
    assert not LOADED

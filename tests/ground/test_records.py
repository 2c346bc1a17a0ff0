"""Records that are made for every request are given with other values, never changed."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec import Struct

from badgateway.ground.attic import packed, unpacked
from badgateway.ground.records import changed


class Kept(Struct, frozen=True):
    """A record as those of each request are."""

    id: str
    amount_minor: int = 0
    status: str | None = None
    details: dict[str, str] = {}


VALUES = some.fixed_dictionaries(
    {"id": some.text()},
    optional={
        "amount_minor": some.integers(),
        "status": some.none() | some.text(),
        "details": some.dictionaries(some.text(), some.text()),
    },
)


@given(VALUES)
def test_it_is_given_with_other_values_copied_and_packed(values):
    one = Kept(**values)

    assert changed(one, status="new") == Kept(**{**values, "status": "new"})
    assert copy.copy(one) == copy.deepcopy(one) == unpacked(packed(one)) == one


def test_a_field_that_it_has_not_is_refused():
    with pytest.raises(TypeError, match="colour"):
        changed(Kept("a"), colour="red")


def test_a_mapping_that_is_not_given_is_made_for_each():
    assert Kept("a").details is not Kept("b").details

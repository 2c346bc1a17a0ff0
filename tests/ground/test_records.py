"""Records that fill their own slots differ in nothing from those of `dataclass`."""

from __future__ import annotations

import copy
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from inspect import signature

import pytest
from hypothesis import given
from hypothesis import strategies as some

from badgateway.ground.attic import packed, unpacked
from badgateway.ground.records import changed, quickly_made


@dataclass(frozen=True, slots=True)
class Usual:
    """A record as `dataclass` makes it."""

    id: str
    amount_minor: int = 0
    status: str | None = None
    details: dict[str, str] = field(default_factory=dict)


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    """The same record, quickly made."""

    id: str
    amount_minor: int = 0
    status: str | None = None
    details: dict[str, str] = field(default_factory=dict)


VALUES = some.fixed_dictionaries(
    {"id": some.text()},
    optional={
        "amount_minor": some.integers(),
        "status": some.none() | some.text(),
        "details": some.dictionaries(some.text(), some.text()),
    },
)


@given(VALUES)
def test_the_same_values_make_the_same_record(values):
    assert asdict(Quick(**values)) == asdict(Usual(**values))
    assert repr(Quick(**values)).removeprefix("Quick") == repr(Usual(**values)).removeprefix("Usual")
    assert Quick(**values) == Quick(*[getattr(Quick(**values), one.name) for one in fields(Quick)])


def test_it_takes_the_same_parameters():
    quick, usual = signature(Quick).parameters.values(), signature(Usual).parameters.values()

    assert [(one.name, one.kind, one.annotation) for one in quick] == [
        (one.name, one.kind, one.annotation) for one in usual
    ]
    with pytest.raises(TypeError, match=r"Quick.__init__\(\) missing 1 required positional argument: 'id'"):
        Quick()
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        Quick("a", colour="red")


def test_a_field_that_is_given_by_its_name_alone_is_refused():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        id: str

    with pytest.raises(AssertionError, match="at its place"):
        quickly_made(Named)


def test_a_default_that_is_made_is_made_for_each():
    assert Quick("a").details is not Quick("b").details


def test_it_is_frozen():
    one = Quick("a")

    with pytest.raises(FrozenInstanceError):
        one.status = "changed"
    with pytest.raises(FrozenInstanceError):
        del one.status


@given(VALUES)
def test_it_is_replaced_copied_and_packed_like_any_other(values):
    one = Quick(**values)

    assert replace(one, status="new") == changed(one, status="new") == Quick(**{**values, "status": "new"})
    assert copy.copy(one) == copy.deepcopy(one) == one
    assert unpacked(packed(one)) == one

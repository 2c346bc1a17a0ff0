"""Records that are made for every request are given with other values, never changed, and come back whole."""

import copy
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec import Struct

import badgateway.server.doorway
import badgateway.serving
import badgateway.webhooks.deliver  # noqa: F401 - rooms whose records are looked at
from badgateway.ground.attic import each_packed, unpacked
from badgateway.ground.records import changed
from badgateway.payments.model import Attempt, Payment, Status
from badgateway.providers import DIALECTS

NOTED_IN = {"Asked", "Item", "Sent", "_Dossier"}  # what becomes of one request or order is noted in them
EVERY_DIALECT = tuple(DIALECTS)  # each is loaded when it is asked for


def below(kind):
    return [one for sub in kind.__subclasses__() for one in (sub, *below(sub))]


KINDS = [one for one in below(Struct) if one.__module__.startswith("badgateway.")]
FROZEN = [one for one in KINDS if one.__name__ not in NOTED_IN]
PLAIN = some.none() | some.booleans() | some.integers() | some.text() | some.binary()
MAPPINGS = some.dictionaries(some.text(), PLAIN | some.lists(PLAIN))
RECORDS = some.builds(
    Payment,
    some.text(),
    some.integers(),
    some.text(),
    status=some.sampled_from(Status),
    attempts=some.lists(some.builds(Attempt, some.text(), some.integers(), some.text())).map(tuple),
    details=MAPPINGS.map(MappingProxyType),
)
HELD = PLAIN | MAPPINGS | MAPPINGS.map(MappingProxyType) | some.sampled_from(Status) | RECORDS


def test_what_each_request_makes_is_among_them():
    names = {one.__qualname__ for one in FROZEN}

    assert {"Request", "Reply", "Parsed", "Ask", "Call", "Answer", "WireEvent", "Entry"} <= names
    assert {"Payment", "Attempt", "LedgerEntry", "Happening", "Outcome", "Change", "Step"} <= names
    assert {"CreatePayment", "ChargePayment", "Effect", "Parcel", "Receipt", "Kept", "Scene"} <= names


@pytest.mark.parametrize("kind", FROZEN, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_none_of_them_can_be_changed(kind):
    record = kind(*(None for _ in kind.__struct_fields__))

    for name in kind.__struct_fields__:
        with pytest.raises(AttributeError):
            setattr(record, name, 1)
        with pytest.raises(AttributeError):
            delattr(record, name)


@given(some.data(), some.sampled_from(FROZEN))
def test_each_of_them_comes_back_equal_from_the_attic(data, kind):
    record = kind(*(data.draw(HELD) for _ in kind.__struct_fields__))

    back = unpacked(*each_packed([record]))

    assert back == record
    assert [type(getattr(back, name)) for name in kind.__struct_fields__] == [
        type(getattr(record, name)) for name in kind.__struct_fields__
    ]


@given(RECORDS, some.text())
def test_one_is_given_with_another_value_and_is_left_as_it_was(payment, order_ref):
    before = repr(payment)

    after = changed(payment, order_ref=order_ref)

    assert after.order_ref == order_ref
    assert changed(after, order_ref=payment.order_ref) == payment == copy.copy(payment)
    assert repr(payment) == before


def test_a_field_that_it_has_not_is_refused():
    with pytest.raises(TypeError, match="colour"):
        changed(Payment("p", 1, "EUR"), colour="red")

"""Names and amounts as Euler takes them: short and unique, decimal and exact."""

import pytest

from badgateway.reference.euler.amounts import from_wire, to_wire
from badgateway.reference.euler.names import order_id_of, request_id_of


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(4999, "EUR", "49.99"), (5, "EUR", "0.05"), (5001, "JPY", "5001"), (49_990, "KWD", "49.99")],
)
def test_amounts_are_written_in_the_currencys_own_unit(minor, currency, text):
    assert to_wire(minor, currency) == text
    assert from_wire(float(text), currency) == minor


def test_more_than_two_decimals_cannot_be_written():
    with pytest.raises(ValueError, match="more decimals"):
        to_wire(49_991, "KWD")


@pytest.mark.parametrize("value", [None, True, "a", 49.999, -1, [], "1e999999999"])
def test_what_is_no_amount_is_not_read(value):
    with pytest.raises(ValueError, match="no amount"):
        from_wire(value, "EUR")


@pytest.mark.parametrize("reference", ["o1", "O1", "order-1", "x" * 64, "a_b"])
def test_an_order_id_is_short_and_of_letters_and_digits(reference):
    made = order_id_of(reference, 12)

    assert made.isalnum()
    assert len(made) <= 20
    assert made == order_id_of(reference, 12) != order_id_of(reference, 1)


def test_references_that_differ_in_case_alone_are_two_orders():
    assert order_id_of("ab", 1).lower() != order_id_of("AB", 1).lower()


@pytest.mark.parametrize("reference", ["back1", "cancel-1", "r" * 64])
def test_a_request_id_is_short_and_of_letters_and_digits(reference):
    assert request_id_of(reference).isalnum()
    assert len(request_id_of(reference)) <= 20

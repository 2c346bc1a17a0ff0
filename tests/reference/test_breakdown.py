"""Lines, tax and discount of a charge: whatever the cart, the parts come to the agreed total."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.reference.breakdown import Breakdown, exact_parts, makes_total
from badgateway.reference.stripe_amounts import smallest_step, to_wire

EXPONENTS = {"EUR": 2, "JPY": 0, "KWD": 3, "MGA": 2, "ISK": 0}


def line(price, quantity=1, tax=19, name="Tea"):
    return {"name": name, "quantity": quantity, "unit_price": price, "tax_percent": tax}


def total_of(cart, currency):
    """Give what a shop charges for a cart: exact, rounded once, in the steps that the provider takes."""
    exact, step = sum(exact_parts(cart, EXPONENTS[currency]), Decimal(0)), smallest_step(currency)
    return int((exact / step).to_integral_value(ROUND_HALF_UP)) * step


def sum_of(details):
    """Add up as Stripe does: price times quantity, tax on top, discount off."""
    return sum(
        one["unit_cost"] * one["quantity"] + one["tax"]["total_tax_amount"] - one.get("discount_amount", 0)
        for one in details["line_items"]
    )


carts = st.builds(
    lambda lines, coupon: {"lines": lines, "coupon_percent": coupon},
    st.lists(
        st.builds(
            line,
            st.decimals("0.01", "500", places=3).map(str),
            st.integers(1, 9),
            st.sampled_from([0, 7, 19, 21]),
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([0, 5, 10, 33, 100]),
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(carts, st.sampled_from(sorted(EXPONENTS)))
def test_the_parts_come_to_the_total(cart, currency):
    total = total_of(cart, currency)

    details = Breakdown().details(cart, total, currency, EXPONENTS[currency])

    assert makes_total(cart, total, currency, EXPONENTS[currency])
    assert sum_of(details) == to_wire(total, currency)
    assert all(one["quantity"] >= 1 and one["unit_cost"] >= 0 for one in details["line_items"])
    assert all(one["tax"]["total_tax_amount"] >= 0 for one in details["line_items"])
    assert all(one.get("discount_amount", 1) > 0 for one in details["line_items"])


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(carts)
def test_no_part_is_further_off_than_a_minor_unit(cart):
    exact = exact_parts(cart, 2)

    rounded = Breakdown().rounded(exact, total_of(cart, "EUR"), 1)

    assert all(abs(whole - part) < 1 for whole, part in zip(rounded, exact, strict=True))


def test_a_line_that_does_not_divide_is_told_as_one_piece():
    cart = {"lines": [line("3.333", 3, 0), line("2.00", 2, 0, "Bread")], "coupon_percent": 0}

    details = Breakdown().details(cart, 1_400, "EUR", 2)

    assert [(one["product_name"], one["quantity"], one["unit_cost"]) for one in details["line_items"]] == [
        ("3 x Tea", 1, 1_000),
        ("Bread", 2, 200),
    ]


@pytest.mark.parametrize(("total", "is_made"), [(1_189, True), (1_190, True), (1_191, False), (1_188, False)])
def test_a_cart_makes_its_total_but_for_the_rounding(total, is_made):
    cart = {"lines": [line("9.995", 1, 19)], "coupon_percent": 0}  # 11.89405

    assert makes_total(cart, total, "EUR", 2) == is_made

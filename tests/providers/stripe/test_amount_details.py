"""What an amount is made of is taken where it adds up, and refused where it does not."""

import pytest
import stripe

LINES = [
    {"product_name": "Tea", "quantity": 3, "unit_cost": 400},
    {"product_name": "Book", "quantity": 1, "unit_cost": 3_000},
]
WHOLE = {"line_items": LINES, "tax": {"total_tax_amount": 1_049}, "discount_amount": 250}  # 49.99


def test_parts_that_add_up_are_taken_and_shown(paid, account):
    intent = paid(amount_details=WHOLE)

    assert intent.status == "succeeded"
    assert intent.amount_details.tax.total_tax_amount == 1_049
    assert intent.amount_details.discount_amount == 250
    assert [one.breakdown_minor for one in account.parsed] == [4_999]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tax": {"total_tax_amount": 1_048}}, "amount_details_amount_mismatch"),
        ({"discount_amount": 251}, "amount_details_amount_mismatch"),
        ({"shipping": {"amount": 1}}, "amount_details_amount_mismatch"),
        (
            {"line_items": [], "discount_amount": 5_000},
            "amount_details_tax_shipping_discount_greater_than_amount",
        ),
    ],
)
def test_parts_that_do_not_add_up_are_refused_before_any_money_moves(paid, account, changes, code):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        paid(amount_details={**WHOLE, **changes})

    assert (refused.value.http_status, refused.value.code, refused.value.param) == (
        400,
        code,
        "amount_details",
    )
    assert account.book.payments() == ()


def test_who_does_not_enforce_is_told_beside_the_answer(paid):
    intent = paid(amount_details={**WHOLE, "discount_amount": 1, "enforce_arithmetic_validation": False})

    assert intent.status == "succeeded"
    assert intent.amount_details.error.code == "amount_details_amount_mismatch"


def test_tax_and_discount_may_stand_on_the_lines(paid):
    taxed = {"product_name": "Tea", "quantity": 1, "unit_cost": 5_000, "tax": {"total_tax_amount": 9}}

    intent = paid(amount_details={"line_items": [{**taxed, "discount_amount": 10}]})

    assert intent.status == "succeeded"


@pytest.mark.parametrize(
    "details",
    [
        {"line_items": [{"quantity": 1, "unit_cost": 4_999}]},
        {"line_items": [{"product_name": "Tea", "unit_cost": 4_999}]},
        {"line_items": [{"product_name": "Tea", "quantity": 0, "unit_cost": 4_999}]},
        {"line_items": [{"product_name": "Tea", "quantity": 1, "unit_cost": -1}]},
        {"line_items": [{"product_name": "Tea" * 400, "quantity": 1, "unit_cost": 4_999}]},
        {"line_items": [{"product_name": "Tea", "quantity": 1, "unit_cost": 1}] * 201},
        {
            "line_items": [
                {"product_name": "Tea", "quantity": 1, "unit_cost": 4_997, "tax": {"total_tax_amount": 1}}
            ],
            "tax": {"total_tax_amount": 1},
        },
    ],
)
def test_malformed_lines_are_refused(paid, account, details):
    with pytest.raises(stripe.InvalidRequestError):
        paid(amount_details=details)

    assert account.book.payments() == ()


def test_a_confirmation_may_bring_them(client):
    intent = client.payment_intents.create(
        {"amount": 4_999, "currency": "eur", "payment_method": "pm_card_visa"}
    )

    with pytest.raises(stripe.InvalidRequestError):
        client.payment_intents.confirm(intent.id, {"amount_details": {**WHOLE, "discount_amount": 1}})
    done = client.payment_intents.confirm(
        intent.id, {"amount_details": WHOLE, "return_url": "https://x.test"}
    )

    assert done.status == "succeeded"


def test_an_update_is_held_against_the_new_amount(client):
    intent = client.payment_intents.create({"amount": 100, "currency": "eur"})

    client.payment_intents.update(intent.id, {"amount": 4_999, "amount_details": WHOLE})

    with pytest.raises(stripe.InvalidRequestError):
        client.payment_intents.update(intent.id, {"amount_details": {**WHOLE, "discount_amount": 1}})


def test_without_lines_nothing_is_known_of_the_parts(paid, account):
    paid(amount_details={"tax": {"total_tax_amount": 5}})

    assert [one.breakdown_minor for one in account.parsed] == [None]

"""Fields that a request may not have, and values of another kind, are refused before anything is done."""

import pytest

from badgateway.providers.adyen.shapes import SHAPES, problem_of
from badgateway.providers.adyen.shelf import merchant_account

MERCHANT = merchant_account("test_api_key_of_these_tests")
NUMBER = "4111111111111111"


@pytest.mark.parametrize(
    ("pattern", "body", "why"),
    [
        (
            "/payments",
            {"captureDelay": 1},
            "Structure of PaymentRequest contains the following unknown fields",
        ),
        ("/payments", {"amount": {"curency": "EUR"}}, "Structure of Amount"),
        ("/payments", {"paymentMethod": {"numbr": NUMBER}}, "Structure of CardDetails"),
        ("/payments", {"paymentMethod": {"number": int(NUMBER)}}, "invalid value for: number"),
        ("/payments", {"paymentMethod": [NUMBER]}, "invalid value for: paymentMethod"),
        ("/payments", {"amount": {"value": True}}, "invalid value for: value"),
        ("/payments", {"amount": {"value": "10"}}, "invalid value for: value"),
        ("/payments", {"shopperInteraction": "Phone"}, "invalid value for: shopperInteraction"),
        ("/payments", {"storePaymentMethod": "true"}, "invalid value for: storePaymentMethod"),
        ("/payments", {"shopperReference": "x" * 257}, "invalid value for: shopperReference"),
        ("/payments/details", {"details": {"pp": "1"}}, "Structure of PaymentCompletionDetails"),
        ("/payments/{id}/refunds", {"merchantRefundReason": "SORRY"}, "invalid value for"),
        ("/payments/{id}/cancels", {"amount": {"currency": "EUR", "value": 1}}, "unknown fields: [amount]"),
        ("/paymentMethods", {"allowedPaymentMethods": "scheme"}, "invalid value for"),
    ],
)
def test_what_an_address_does_not_take_is_told(pattern, body, why):
    problem = problem_of(pattern, body)

    assert why in problem
    assert NUMBER not in problem


@pytest.mark.parametrize("pattern", sorted(SHAPES))
def test_null_is_as_good_as_not_there(pattern):
    assert problem_of(pattern, dict.fromkeys(SHAPES[pattern].fields)) is None


def test_a_number_for_a_name_is_not_repeated():
    assert NUMBER not in problem_of("/payments", {NUMBER: 1})


def test_nothing_is_done_where_a_field_is_unknown(paid, account):
    error = paid(amuont={"currency": "EUR", "value": 1})

    assert (error["status"], error["errorCode"], error["errorType"]) == (400, "702", "validation")
    assert account.book.payments() == ()


def test_a_whole_amount_may_be_written_with_a_point(ask):
    card = '"paymentMethod": {"storedPaymentMethodId": "TESTAPPROVED"}'
    amount = '"amount": {"currency": "EUR", "value": 500.0}'
    rest = f'"merchantAccount": "{MERCHANT}", "reference": "o", "returnUrl": "https://shop.example/"'
    raw = f"{{{rest}, {amount}, {card}}}"

    assert ask("/payments", raw.encode())[1]["amount"] == {"currency": "EUR", "value": 500}

"""A card that its issuer approved with a wrong code: a human looks before anything leaves."""

import pytest

from badgateway.reference.checking import Checking
from badgateway.reference.seen import read_payment
from badgateway.reference.states import State


def seen(**checks):
    charge = {"id": "ch_1", "payment_method_details": {"type": "card", "card": {"checks": checks}}}
    raw = {"id": "pi_1", "status": "succeeded", "amount": 1, "currency": "eur", "latest_charge": charge}
    return read_payment(raw).failed_checks


@pytest.mark.parametrize(
    ("checks", "failed"),
    [
        ({"cvc_check": "fail", "address_line1_check": "pass"}, "cvc"),
        ({"cvc_check": "pass", "address_postal_code_check": "fail"}, "address_postal_code"),
        ({"cvc_check": "unchecked", "address_postal_code_check": "unavailable"}, ""),
        ({"cvc_check": None}, ""),
    ],
)
def test_only_what_the_issuer_found_wrong_has_failed(checks, failed):
    assert seen(**checks) == failed


@pytest.mark.parametrize(
    ("derived", "capture", "status"),
    [
        ("PAID", "automatic", "REVIEW"),
        ("AUTHORIZED", "manual", "REVIEW"),
        ("PAID", "manual", "PAID"),
        ("REFUNDED", "automatic", "REFUNDED"),
        ("CANCELLED", "manual", "CANCELLED"),
    ],
)
def test_a_capture_or_refund_by_hand_is_the_look_that_was_due(derived, capture, status):
    assert Checking().status(derived, capture) == status


def checked(fake, start, review, **checks):
    charge = fake.charge
    fake.charge = lambda payment: {
        **charge(payment), "payment_method_details": {"type": "card", "card": {"checks": checks}},
    }  # fmt: skip
    shop = start(REVIEW_CHECKS=review)
    shop.opened()
    return shop.pay().json


@pytest.mark.parametrize(
    ("review", "checks", "status", "goods"),
    [
        ("1", {"cvc_check": "fail"}, "REVIEW", 0),
        ("1", {"address_line1_check": "fail"}, "PAID", 1),
        ("1", {"cvc_check": "pass"}, "PAID", 1),
        ("0", {"cvc_check": "fail"}, "PAID", 1),
    ],
)
def test_goods_wait_where_the_shop_wants_a_look(fake, start, review, checks, status, goods):
    shown = checked(fake, start, review, **checks)

    assert (shown["status"], shown["effects"]["fulfilments"]) == (status, goods)


def test_what_was_found_wrong_is_remembered_when_a_later_look_does_not_tell(fake, start):
    checked(fake, start, "1", cvc_check="fail")
    shop = start(REVIEW_CHECKS="1")
    for payment in fake.payments.values():
        payment["latest_charge"].pop("payment_method_details")

    shop.client.post("/internal/sync")

    assert shop.client.get("/orders/o1").json["status"] == "REVIEW"
    assert State.SUCCEEDED in {one["state"] for one in shop.client.get("/orders/o1").json["attempts"]}

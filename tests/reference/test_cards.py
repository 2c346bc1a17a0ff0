"""A card that is typed in leaves as a token, and is neither kept nor told."""

import pytest

CARD = {"number": "4242424242424242", "cvc": "123", "month": "11", "year": "2034"}


def type_in(shop, **changes):
    return shop.client.post("/orders/o1/card", json=CARD | changes)


def test_a_typed_card_becomes_a_token_that_pays(fake, start):
    shop = start()
    shop.opened()

    token = type_in(shop).json["payment_method"]

    assert shop.pay(method=token).json["status"] == "PAID"
    assert fake.calls[0][2]["card[number]"] == CARD["number"]
    assert fake.calls[0][2]["metadata[order]"] == "o1"


def test_neither_number_nor_code_is_kept(fake, start, tmp_path):
    shop = start()
    shop.opened()
    fake.script["tokenise"] = [(402, {"error": {"type": "card_error", "message": CARD["number"]}}, {})]

    type_in(shop)
    type_in(shop)

    shop.service.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert CARD["number"].encode() not in kept
    assert b"card ending 4242" in kept


@pytest.mark.parametrize(("answer", "status"), [(402, 402), (400, 402), (500, 503)])
def test_a_refusal_is_told_without_the_card(fake, start, answer, status):
    shop = start()
    shop.opened()
    error = {"type": "card_error" if answer == 402 else "invalid_request_error", "message": CARD["number"]}
    fake.script["tokenise"] = [(answer, {"error": error}, {})]

    told = type_in(shop)

    assert told.status_code == status
    assert CARD["number"] not in told.text


@pytest.mark.parametrize(
    "changes", [{"number": "4242 4242"}, {"cvc": "12345"}, {"month": "13"}, {"year": "99"}]
)
def test_what_is_no_card_goes_to_nobody(fake, start, changes):
    shop = start()
    shop.opened()

    assert type_in(shop, **changes).status_code == 400
    assert fake.calls == []


def test_a_card_for_no_order_is_refused(fake, start):
    assert type_in(start()).status_code == 404
    assert fake.calls == []

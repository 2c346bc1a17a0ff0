"""Requests to declared providers that are written down mean the same later, and hold no card data."""

import base64
import json
from pathlib import Path

import pytest

from badgateway.ground.message import Request
from badgateway.ground.records import changed
from badgateway.providers import DIALECTS
from badgateway.providers.declared.dialect import Declared
from badgateway.providers.declared.request import user_of

ACME = Path(__file__).parent.parent / "every" / "acme.provider.yaml"
KEY = "sk_test_of_these_tests"
NAMES = [one.name for one in DIALECTS if hasattr(one, "path")]


def credential(dialect):
    way = dialect.spec.authentication[0]
    if way.scheme == "header":
        return way.header, f"{way.prefix}{KEY}"
    if way.scheme == "bearer":
        return "Authorization", f"Bearer {KEY}"
    pair = f"{KEY}:" if way.key == "user" else f"{user_of(KEY)}:{KEY}"
    return "Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"


def asked(dialect, body):
    (route, *_) = [one for one in dialect.spec.routes if one.does in {"create", "charge"} and not one.names]
    kind = "application/x-www-form-urlencoded" if dialect.spec.is_form else "application/json"
    headers = (credential(dialect), ("Host", "here.test"), ("Content-Type", kind), ("Cookie", "a=1"))
    place = route.key.header
    headers = (*headers, (place, "key-number-1")) if place else headers
    return Request(route.method, route.path, "", headers, body)


def again(dialect, request):
    return dialect.recalled(dialect.kept(request), KEY)


@pytest.mark.parametrize("name", NAMES)
def test_a_request_is_understood_as_before(name):
    dialect = DIALECTS[name]
    body = b"amount=5&notes[order]=o1" if dialect.spec.is_form else b'{"amount": 5.0, "description": "o1"}'
    request = asked(dialect, body)

    kept = dialect.kept(request)
    assert dialect.parse(again(dialect, request)) == dialect.parse(request)
    assert KEY not in str(kept)
    assert user_of(KEY) not in str(kept)
    assert "Cookie" not in dict(kept.headers)


@pytest.mark.parametrize("name", NAMES)
def test_card_numbers_and_codes_are_not_kept_and_the_key_still_fits(name):
    dialect = DIALECTS[name]
    card = {
        "number": "4242424242424242",
        "cvv": "987",
        "pan": 4242424242424242,
        "list": ["4242 4242 4242 4242"],
    }
    body = (
        b"card[number]=4242424242424242&card[cvv]=987" if dialect.spec.is_form else json.dumps(card).encode()
    )
    request = asked(dialect, body)

    kept = dialect.kept(request)
    before, after = dialect.parse(request), dialect.parse(again(dialect, request))
    assert (after.op, after.key, after.fingerprint) == (before.op, before.key, before.fingerprint)
    assert [word for word in (b"4242", b"987") if word in kept.body] == []


def test_a_card_that_the_file_knows_by_its_number_comes_back(tmp_path):
    path = tmp_path / "acme.provider.yaml"
    path.write_text(
        ACME.read_text(encoding="utf-8").replace("approved: good", 'approved: "4242424242424242"')
    )
    dialect = Declared(path)
    request = asked(dialect, b'{"token": "4242424242424242", "amount": 5}')

    kept = dialect.kept(request)
    assert dialect.parse(again(dialect, request)) == dialect.parse(request)
    assert b"4242" not in kept.body
    assert dialect.instrument("4242424242424242", None) == "approved"


@pytest.mark.parametrize("name", ["braintree", "paypal", "razorpay", "worldpay"])
def test_the_key_under_another_user_is_still_under_another_user(name):
    dialect = DIALECTS[name]
    basic = base64.b64encode(f"somebody_else:{KEY}".encode()).decode()
    request = changed(asked(dialect, b"{}"), headers=(("Authorization", f"Basic {basic}"),))

    read = dialect.parse(again(dialect, request)).payload
    assert (read.credential, read.is_user_known) == (KEY, False)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"a=1&a[b]=2"])
def test_what_cannot_be_read_is_refused_again(name, body):
    dialect = DIALECTS[name]
    request = asked(dialect, body)

    before, after = dialect.parse(request), dialect.parse(again(dialect, request))
    assert (after.payload.problem or "-")[0] == (before.payload.problem or "-")[0]

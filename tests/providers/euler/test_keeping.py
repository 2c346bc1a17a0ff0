"""Requests that are written down mean the same when they are read again, and hold no card data."""

import base64
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.ground.message import Request
from badgateway.providers import DIALECTS
from badgateway.providers.euler.instruments import NUMBERS

EULER, KEY = DIALECTS["euler"], "sk_test_of_these_tests"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
CARDS = [*NUMBERS, "4242 4242 4242 4242", "4000056655665556", "4000990000000000", "1234", ""]
SECRETS = ["card_number", "card_security_code", "card_exp_month", "card_exp_year", "name_on_card"]


def asked(body, kind=FORM, query="", method="POST", path="/txns"):
    basic = base64.b64encode(f"{KEY}:".encode()).decode()
    headers = (("Authorization", f"Basic {basic}"), ("Host", "euler.test"), ("Content-Type", kind),
               ("x-merchantid", EULER.settings("", KEY, "")["merchant_id"]), ("Cookie", "a=1"))  # fmt: skip
    return Request(method, path, query, headers, body)


def again(request):
    return EULER.recalled(EULER.kept(request), KEY)


@pytest.mark.parametrize("number", CARDS)
def test_a_card_comes_back_as_the_same_card(number):
    card = {"order_id": "o1", "card_number": number, "card_security_code": "987", "name_on_card": "Ann Other"}
    by_form, by_json = asked(urlencode(card).encode()), asked(json.dumps(card).encode(), JSON)

    for request in (by_form, by_json):
        kept = EULER.kept(request).body.decode()
        assert EULER.parse(again(request)) == EULER.parse(request)
        assert [word for word in ("987", "Ann") if word in kept] == []
        assert len(number) < 13 or number.replace(" ", "") not in kept.replace("+", "")


def test_no_credential_is_kept_and_headers_that_count_are():
    kept = EULER.kept(asked(b"order_id=o1"))

    assert base64.b64encode(f"{KEY}:".encode()).decode() not in str(kept)
    assert {name for name, _ in kept.headers} == {"Host", "Content-Type", "x-merchantid"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"{", JSON), (b"[]", JSON), (b'"4242424242424242"', JSON), (b"\xff", JSON), (b"\xff", FORM),
     (b"card_number=%ff", FORM), (b"&".join([b"a=1"] * 300), FORM), (b"", FORM)],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_the_same_words(body, kind):
    request = asked(body, kind, "order_id=o1")

    assert EULER.parse(again(request)) == EULER.parse(request)
    assert b"4242" not in EULER.kept(request).body


def test_a_query_of_too_many_fields_is_refused_and_breaks_nothing():
    request = asked(b"order_id=o1", query="&".join(["a=1"] * 300))

    assert EULER.parse(request).payload.problem == "the query cannot be read"
    assert EULER.parse(again(request)) == EULER.parse(request)


NAMES = st.sampled_from([*SECRETS, "order_id", "order.amount", "card_token", "é"]) | st.text(max_size=4)
TEXTS = st.sampled_from([*CARDS, "tkn_approved"]) | st.text(max_size=5)
PARTS = TEXTS | st.sampled_from([None, True, 5, 5.5, {}, {"a": "1"}])


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(pairs=st.lists(st.tuples(NAMES, TEXTS), max_size=6), tail=st.sampled_from(["", "&", "=", "&a", "%zz"]))
def test_whatever_a_form_says_is_understood_as_before(pairs, tail):
    form = urlencode(pairs, errors="replace") + tail
    for request in (asked(form.encode()), asked(b"", query=form, method="GET")):
        assert EULER.parse(again(request)) == EULER.parse(request)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(body=st.dictionaries(NAMES, PARTS, max_size=6))
def test_whatever_json_says_is_understood_as_before(body):
    request = asked(json.dumps(body).encode(), JSON)

    assert EULER.parse(again(request)) == EULER.parse(request)

"""What the harness learns from a request before anything happens."""

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.ground.message import Request
from badgateway.providers import DIALECTS
from badgateway.providers.stripe import routes
from badgateway.providers.stripe.forms import decode, flatten
from badgateway.providers.stripe.routes import ROUTES, find


def parsed(method, path, form="", headers=()):
    is_post = method == "POST"
    request = Request(method, path, "" if is_post else form, headers, form.encode() if is_post else b"")
    return DIALECTS["stripe"].parse(request)


@pytest.mark.parametrize(
    ("method", "path", "form", "op"),
    [
        ("POST", "/v1/payment_intents", "amount=1", "create"),
        ("POST", "/v1/payment_intents", "amount=1&confirm=true", "charge"),
        ("POST", "/v1/payment_intents", "amount=1&confirm=True", "charge"),
        ("POST", "/v1/payment_intents", "amount=1&confirm=false", "create"),
        ("POST", "/v1/payment_intents", "amount=1&confirm=False", "create"),
        ("POST", "/v1/payment_intents/pi_1/confirm", "", "charge"),
        ("POST", "/v1/payment_intents/pi_1/capture", "", "capture"),
        ("POST", "/v1/payment_intents/pi_1/cancel", "", "void"),
        ("POST", "/v1/payment_intents/pi_1", "", None),
        ("GET", "/v1/payment_intents/pi_1", "", "fetch"),
        ("GET", "/v1/payment_intents", "", "list"),
        ("POST", "/v1/refunds", "", "refund"),
        ("GET", "/v1/refunds/re_1", "", "fetch"),
        ("GET", "/v1/refunds", "", "list"),
        ("GET", "/v1/charges/ch_3a", "", "fetch"),
        ("GET", "/v1/charges", "", "list"),
        ("GET", "/v1/events", "", "list"),
        ("POST", "/v1/customers", "", None),
        ("GET", "/v1/customers/cus_1", "", None),
        ("POST", "/v1/payment_methods", "", None),
        ("GET", "/nowhere", "", None),
    ],
)
def test_each_request_has_its_operation(method, path, form, op):
    assert parsed(method, path, form).op == op


def test_ids_and_amounts_are_found():
    capture = parsed("POST", "/v1/payment_intents/pi_1/capture", "amount_to_capture=30")
    refund = parsed("POST", "/v1/refunds", "payment_intent=pi_1&amount=20")
    charge = parsed("GET", "/v1/charges/ch_3abc")
    create = parsed("POST", "/v1/payment_intents", "amount=500000&currency=isk")

    assert (capture.payment_id, capture.amount_minor) == ("pi_1", 30)
    assert (refund.payment_id, refund.amount_minor) == ("pi_1", 20)
    assert charge.other_ids == ("ch_3abc", "abc")
    assert (create.amount_minor, create.currency) == (5000, "ISK")


def test_hints_stand_in_their_order():
    form = "description=d&receipt_email=e&metadata[a]=1&statement_descriptor=s&metadata[b]=2"

    assert parsed("POST", "/v1/payment_intents", form).hints == ("1", "2", "d", "e", "s")


def test_what_cannot_be_read_is_parsed_nevertheless():
    found = parsed("POST", "/v1/refunds", "a=1&a[b]=2")
    broken = DIALECTS["stripe"].parse(Request("POST", "/v1/refunds", "", (), b"\xff\xfe"))

    assert (found.op, found.amount_minor) == ("refund", None)
    assert broken.op == "refund"


def test_a_card_number_is_gone_before_anything_looks_at_it(account):
    number = "4242" * 4
    found = parsed(
        "POST", "/v1/payment_methods", f"type=card&card[number]={number}&card[cvc]=737&card[exp_month]=1"
    )

    assert number not in repr(found)
    # An address in memory may have any three digits in it.
    assert "737" not in re.sub("0x[0-9a-f]+", "", repr(found.payload))


def test_two_cards_are_two_requests():
    forms = [f"type=card&card[number]={number}" for number in ("4242424242424242", "4000000000000002")]

    one, other = (parsed("POST", "/v1/payment_methods", form).fingerprint for form in forms)

    assert one != other


@pytest.mark.parametrize("form", ["", "b[y]=2&a=50%25&b[x]=3&c[]=first&c[]=+", "a=%s"])
def test_a_fingerprint_is_of_method_address_and_sorted_parameters(form):
    words = ["POST", "/v1/refunds", *["\x1f".join(pair) for pair in flatten(decode(form))]]
    expected = hashlib.sha256("\x1e".join(words).encode()).hexdigest()

    # The names are new, then they come again, and then they are known.
    assert [parsed("POST", "/v1/refunds", form).fingerprint for _ in range(3)] == [expected] * 3


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.pattern}")
def test_each_address_is_found_with_the_id_in_it(route):
    wanted = "x_1" if "{id}" in route.pattern else ""
    path = route.pattern.replace("{id}", "x_1")

    assert find(route.method, path) == (route, wanted)
    assert find(route.method, f"/{path}/") == (route, wanted)
    assert find("PUT", path) == (None, "")
    assert find(route.method, f"{path}/more/of/it") == (None, "")


PATTERNS = [route.pattern for route in ROUTES]
SEGMENTS = st.sampled_from(
    ["", "{id}", "pi_1", "more", *sorted({part for pattern in PATTERNS for part in pattern.split("/")})]
)
PATHS = st.lists(SEGMENTS, max_size=7).map("/".join) | st.tuples(
    st.sampled_from([route.pattern for route in ROUTES]),
    SEGMENTS,
    st.sampled_from(["", "/", "//", "/search"]),
).map(lambda path: path[0].replace("{id}", path[1]) + path[2])


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(st.sampled_from(["GET", "POST", "DELETE", "PUT"]), PATHS)
def test_an_address_as_most_write_it_is_found_as_any_other(method, path):
    assert find(method, path) == routes._find_by_parts(method, path)


@pytest.mark.parametrize("path", ["/", "", "/v1", "/v1/payment_intents/{id}", "/v1/payment_intents//confirm"])
def test_an_address_that_only_looks_like_one_is_none(path):
    route, wanted = find("POST", path)

    assert (route is None) == (path != "/v1/payment_intents/{id}")
    assert wanted == ("{id}" if route else "")

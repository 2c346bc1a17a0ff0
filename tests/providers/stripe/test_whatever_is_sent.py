"""Whatever is sent is answered with an object or with an error in Stripe's shape, never with an exception."""

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from badgateway.ground.message import Request
from badgateway.providers.stripe.params import kinds
from badgateway.providers.stripe.routes import ROUTES

NAMES = sorted({name for route in ROUTES for name in kinds(route.shape)})
VALUES = st.sampled_from(
    ["", "0", "-1", "500", "99999999999999999999", "true", "usd", "KWD", "pm_card_visa", "pm_card_refundFail"]
) | st.text(max_size=12)
KEYS = st.sampled_from(NAMES) | st.sampled_from([f"{name}[a]" for name in NAMES]) | st.text(max_size=8)
FORMS = st.lists(st.tuples(KEYS, VALUES), max_size=6)
PATHS = st.sampled_from([route.pattern for route in ROUTES])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "PUT"]),
    path=PATHS | st.text(max_size=20).map(lambda text: f"/{text}"),
    form=FORMS,
    raw=st.none() | st.binary(max_size=40),
    wanted=st.sampled_from(["pi", "re", "ch", "nobody", "%00", "pm_card_visa"]),
)
def test_it_is_answered(new_account, method, path, form, raw, wanted):
    account = new_account()
    text = "&".join(f"{name}={value}" for name, value in form).encode("utf-8", "surrogatepass")
    body = text if raw is None else raw
    headers = (("Authorization", f"Bearer {account.api_key}"),)
    request = Request(method, path.replace("{id}", account.made.get(wanted, wanted)), "", headers, body)

    reply = account.serve(request)

    shown = json.loads(reply.body)
    assert reply.status in {200, 400, 402, 404}
    assert ("error" in shown) == (reply.status != 200)
    assert sum(sum(amount for _, amount in entry.postings) for entry in account.book.ledger.entries()) == 0


V2_NAMES = st.sampled_from(
    ["name", "description", "type", "event_payload", "enabled_events", "events_from", "include", "metadata",
     "snapshot_api_version", "webhook_endpoint", "url", "a", "\ud800"]
)  # fmt: skip
V2_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(
        [
            "webhook_endpoint",
            "thin",
            "snapshot",
            "*",
            "v1.charge.failed",
            "http://localhost/hook",
            "\ud800",
            "",
        ]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(V2_NAMES, inner, max_size=3),
    max_leaves=6,
)
DESTINATION = {
    "name": "n",
    "type": "webhook_endpoint",
    "event_payload": "thin",
    "enabled_events": ["*"],
    "webhook_endpoint": {"url": "http://localhost/hook"},
}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    sent=V2_VALUES | st.dictionaries(V2_NAMES, V2_VALUES, max_size=4).map(lambda more: DESTINATION | more),
    action=st.sampled_from(["", "/{id}", "/{id}/disable", "/{id}/ping"]),
)
@example(sent=DESTINATION | {"name": "\ud800"}, action="")
def test_whatever_json_is_sent_it_is_answered(new_account, sent, action):
    account = new_account()
    headers = (("Authorization", f"Bearer {account.api_key}"), ("Content-Type", "application/json"))
    path = "/v2/core/event_destinations"
    made = json.loads(
        account.serve(Request("POST", path, "", headers, json.dumps(DESTINATION).encode())).body
    )
    path += action.replace("{id}", made["id"])

    reply = account.serve(Request("POST", path, "", headers, json.dumps(sent).encode()))

    assert reply.status in {200, 400}
    assert ("error" in json.loads(reply.body)) == (reply.status != 200)


PAGE_KEYS = st.sampled_from(
    ["card[number]", "card[expiry]", "card[cvc]", "card[token]", "card", "card[number][a]", "method", "bank",
     "email", "name[]", "name", "result", "payment_intent", "setup_intent"]
)  # fmt: skip
PAGE_VALUES = st.sampled_from(
    ["4242424242424242", "4000002760003184", "4000000000000002", "12 / 34", "1/2/3", "pass", "fail",
     "us_bank_account", "pm_card_visa", "\ud800", "\r\nA: b", ""]
) | st.text(max_size=8)  # fmt: skip
STEPS = st.tuples(
    st.sampled_from(["GET", "POST", "PUT"]),
    st.sampled_from(
        ["/c/pay/{cs}", "/c/pay/x", "/3d_secure_2/hosted", "/3d_secure_2/hosted?payment_intent={pi}"]
    ),
    st.lists(st.tuples(PAGE_KEYS, PAGE_VALUES), max_size=5),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(steps=st.lists(STEPS, min_size=1, max_size=4))
def test_a_page_is_shown_or_the_shopper_is_sent_on(new_account, steps):
    account = new_account()
    line = "line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=900"
    name = "line_items[0][price_data][product_data][name]=x&line_items[0][quantity]=1"
    form = f"mode=payment&success_url=https://a.example/&{line}&{name}".encode()
    headers = (("Authorization", f"Bearer {account.api_key}"),)
    made = json.loads(account.serve(Request("POST", "/v1/checkout/sessions", "", headers, form)).body)
    ids = {**account.made, "cs": made["id"]}

    for method, path, pairs in steps:
        body = "&".join(f"{key}={value}" for key, value in pairs).encode("utf-8", "surrogatepass")
        address, _, query = path.format(**ids).partition("?")
        reply = account.serve(Request(method, address, query, (("Host", "a.test"),), body))

        assert reply.status in {200, 303, 400, 404}
        assert all("\n" not in value and "\r" not in value for _, value in reply.headers)
    assert sum(sum(amount for _, amount in entry.postings) for entry in account.book.ledger.entries()) == 0
    assert len(account.book.payments()) <= 2

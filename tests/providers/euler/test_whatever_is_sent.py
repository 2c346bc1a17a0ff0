"""Whatever is sent is answered in Euler's own words, never with an exception, as its document has it."""

import json
from base64 import b64encode
from urllib.parse import quote, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.providers.euler.conftest import KEY, Account

from badgateway.ground.message import Request
from badgateway.providers.euler.instruments import TOKENS
from badgateway.providers.euler.routes import ROUTES

FIELDS = (
    "order_id",
    "orderId",
    "amount",
    "currency",
    "udf1",
    "return_url",
    "customer_id",
    "metadata.txns.auto_capture",
    "options.get_client_auth_token",
    "unique_request_id",
    "idempotence_key",
    "payment_method_type",
    "payment_method",
    "card_token",
    "card_number",
    "merchant_id",
    "order.order_id",
    "order.amount",
    "order.currency",
    "order.udf1",
)
TOKEN = sorted(TOKENS.values())
VALUES = st.sampled_from(
    [
        "o1",
        "O1",
        "o2",
        "",
        "5",
        "5.00",
        "5.001",
        "-1",
        "9" * 30,
        "EUR",
        "JPY",
        "KWD",
        "xxx",
        "true",
        "false",
        "CARD",
        "NB",
        "UPI",
        "4242424242424242",
        "é",
        "\x00",
        *TOKEN,
    ]
)
THINGS = VALUES | st.sampled_from([0, -1, 5, 10**30, True, None, [], {}, [1], {"a": [{}]}, "\ud800"])
IDS = st.sampled_from(["o1", "o2", "nobody", "%00", "eul1zo1", "eul2zo1", "eul9999zo1", "é"])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_it_is_answered(data):
    account = Account()
    pair = f"Basic {b64encode(f'{KEY}:'.encode()).decode()}"
    for _ in range(data.draw(st.integers(1, 5))):
        route = data.draw(st.sampled_from(ROUTES))
        path = route.pattern.replace("{id}", quote(data.draw(IDS), safe="%"))
        is_json = data.draw(st.booleans())
        found = data.draw(st.dictionaries(st.sampled_from(FIELDS), THINGS if is_json else VALUES, max_size=8))
        whole = {"order.order_id": "o1", "order.amount": "5", "order.currency": "EUR", "card_token": TOKEN[0]}
        found = (whole if data.draw(st.booleans()) else {}) | found
        raw = json.dumps(found).encode() if is_json else urlencode(found).encode()
        kind = "application/json" if is_json else "application/x-www-form-urlencoded"
        headers = (("Authorization", pair), ("Content-Type", kind))

        reply = account.serve(Request(route.method, path, "" if is_json else urlencode(found), headers, raw))

        assert reply.status in {200, 400, 404}, (route, found, reply)
        shown = json.loads(reply.body)
        assert reply.status == 200 or (shown["error_code"] and shown["error_message"])

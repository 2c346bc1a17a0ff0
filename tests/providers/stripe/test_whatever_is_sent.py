"""Whatever is sent is answered with an object or with an error in Stripe's shape, never with an exception."""

import json

from hypothesis import given, settings
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

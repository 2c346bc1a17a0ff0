"""Whatever is sent to a declared provider is answered in its own words, never with an exception."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.message import Request
from badgateway.payments.idempotency import KeyStore
from badgateway.play.account import Account
from badgateway.play.world import Book
from badgateway.providers.declared.places import put
from badgateway.providers.declared.request import user_of
from badgateway.providers.shipped import SHIPPED

KEY = "sk_test_of_these_tests"
VALUES = st.sampled_from(
    [
        0,
        -1,
        500,
        10**30,
        True,
        None,
        "",
        "5.00",
        "5.001",
        "EUR",
        "KWD",
        "xxx",
        "\ud800",
        [],
        {},
        [1],
        {"a": [{}]},
    ]
) | st.text(max_size=6)


def headers_of(spec):
    way = spec.authentication[0]
    if way.scheme == "basic":
        from base64 import b64encode  # noqa: PLC0415 - for one scheme only

        return (("Authorization", f"Basic {b64encode(f'{user_of(KEY)}:{KEY}'.encode()).decode()}"),)
    return (("Authorization", f"Bearer {KEY}"),)


@pytest.mark.parametrize("dialect", SHIPPED, ids=lambda dialect: dialect.name)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_it_is_answered(dialect, data):
    spec, clock, ids = dialect.spec, Clock(), Ids(1, "test")
    account = Account(Book(clock, ids), clock, ids, KEY, True, KeyStore(dialect.key_rules), dialect)
    tokens = VALUES | st.sampled_from(sorted(spec.cards.values()))
    events = []
    for _ in range(data.draw(st.integers(1, 4))):
        route = data.draw(st.sampled_from(spec.routes))
        known = [one.id for one in account.book.payments()] + ["nobody", "%00"]
        path = route.path
        for kind in route.names:
            bare = data.draw(st.sampled_from(known)).removeprefix(spec.prefix("payment"))
            path = path.replace(f"{{{kind}}}", quote(spec.prefix(kind) + bare))
        body = {}
        for read in route.reads.values():
            if read.at and ":" not in read.at and data.draw(st.booleans()):
                put(body, read.at, data.draw(tokens))
        raw = json.dumps(body).encode() if data.draw(st.integers(0, 9)) else data.draw(st.binary(max_size=20))
        parsed = dialect.parse(Request(route.method, path, "count=x&limit=0", headers_of(spec), raw))

        answer = dialect.answer(parsed, account)

        assert 200 <= answer.reply.status < 500
        if (answer.reply.header("content-type") or "").startswith("application/json") and answer.reply.body:
            json.loads(answer.reply.body)
        for happening in account.book.drain():
            events += dialect.events(happening, account)
    assert all(json.loads(event.body) for event in events)
    assert sum(sum(amount for _, amount in one.postings) for one in account.book.ledger.since(0)) == 0


@pytest.mark.parametrize("dialect", SHIPPED, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_has_its_own_words_even_for_nobody(dialect, status):
    reply = dialect.server_error(status, None)

    assert reply.status == status
    assert json.loads(reply.body)

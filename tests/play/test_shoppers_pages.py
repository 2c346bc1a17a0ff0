"""Pages of shoppers carry no key: with several merchants, and several plays, the right account is found."""

import asyncio

import pytest

from badgateway.ground.message import Request
from badgateway.play.account import Tenant
from badgateway.play.world import make_world
from badgateway.providers.base import Endpoint

KEY_B = "sk_test_of_merchant_b"
PLACE_B = Endpoint("http://127.0.0.1:9/hook/b", "whsec_of_merchant_b")
SESSION = {
    "mode": "payment",
    "success_url": "https://shop.example/done",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "eur",
    "line_items[0][price_data][unit_amount]": "4999",
    "line_items[0][price_data][product_data][name]": "Hat",
}


@pytest.fixture
def world(lab):
    """Give a world of two merchants, its gates open."""
    orders = (lab.order("o1", merchant="a"), lab.order("o2", merchant="b"))
    plan, plain = lab.a_plan(orders=orders, merchants=("a", "b")), lab.a_world()
    tenants = (Tenant("main", lab.KEY, plain.endpoint), Tenant("second", KEY_B, PLACE_B))
    parts = (plain.dialect, plain.journal, plain.clock, plain.ids, lab.KEY, plain.endpoint, tenants)
    made = make_world(plan, *parts)
    made.is_free = True
    return made


def opened(worlds, method, address, form=b""):
    """Give what a browser is shown, without a key: status and text, or the address to which it is sent."""

    async def story():
        path, _, query = address.partition("?")
        call = worlds.arrive(Request(method, path, query, (), form))
        await call.admit()
        effect = await call.release(call.commit())
        call.finished(is_complete=True, bytes_sent=len(effect.reply.body))
        return effect.reply.status, dict(effect.reply.headers).get("Location") or effect.reply.body.decode()

    return asyncio.run(story())


def at(url):
    return "/" + url.split("/", 3)[3].partition("#")[0]


@pytest.mark.parametrize("merchant", ["a", "b"])
def test_a_checkout_page_is_of_the_merchant_whose_session_it_is(lab, world, merchant):
    key = KEY_B if merchant == "b" else lab.KEY
    other = lab.KEY if merchant == "b" else KEY_B
    (session,) = lab.ask_now(world, lab.request("POST", "/v1/checkout/sessions", SESSION, key=key))

    shown, text = opened(lab.worlds_of(world), "GET", at(session.body["url"]))
    paid, _ = opened(
        lab.worlds_of(world),
        "POST",
        at(session.body["url"]),
        b"card[number]=4242424242424242&card[expiry]=12+%2F+34&card[cvc]=123&email=a%40shop.example",
    )

    own, foreign = (world.account_of_key(wanted).book.payments() for wanted in (key, other))
    assert (shown, paid, "Hat" in text) == (200, 303, True)
    assert [payment.status.value for payment in own] == ["succeeded"]
    assert foreign == ()


@pytest.mark.parametrize("kind", ["payment_intents", "setup_intents"])
def test_a_challenge_is_of_the_merchant_whose_intent_it_is(lab, world, kind):
    form = {"payment_method": "pm_card_authenticationRequired", "confirm": "true"}
    form |= {"return_url": "https://shop.example/back", "payment_method_types[]": "card"}
    form |= {"amount": 4999, "currency": "eur"} if kind == "payment_intents" else {}
    (made,) = lab.ask_now(world, lab.request("POST", f"/v1/{kind}", form, key=KEY_B))
    page = at(made.body["next_action"]["redirect_to_url"]["url"])

    shown, _ = opened(lab.worlds_of(world), "GET", page)
    sent, back = opened(lab.worlds_of(world), "POST", page, b"result=pass")
    (now,) = lab.ask_now(world, lab.request("GET", f"/v1/{kind}/{made.body['id']}", key=KEY_B))

    assert (shown, sent) == (200, 303)
    assert back.startswith("https://shop.example/back?")
    assert now.body["status"] == "succeeded"


def test_a_page_of_one_of_several_plays_is_answered_by_that_play(lab):
    first, second = lab.a_world(), lab.a_world()
    for one in (first, second):
        one.is_free = True
    (session,) = lab.ask_now(second, lab.request("POST", "/v1/checkout/sessions", SESSION))

    status, text = opened(lab.worlds_of(first, second), "GET", at(session.body["url"]))

    assert (status, "Hat" in text) == (200, True)
    assert lab.told(first, "run.stray") == []


def test_a_page_about_nothing_is_not_found(lab, world):
    assert opened(lab.worlds_of(world), "GET", "/c/pay/cs_test_of_nobody")[0] == 404

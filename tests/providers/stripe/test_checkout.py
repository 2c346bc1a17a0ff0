"""Checkout sessions by the official SDK, and their pages as a browser asks for them."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import stripe

from badgateway.ground.message import Request

CARD = "4242 4242 4242 4242"
CHALLENGED = "4000 0027 6000 3184"
DECLINED = "4000 0000 0000 9995"


@pytest.fixture
def opened(client):
    """Give a maker of sessions about two books."""

    def make(**more):
        line = {
            "price_data": {"currency": "eur", "unit_amount": 1250, "product_data": {"name": "A <book>"}},
            "quantity": 2,
        }
        return client.checkout.sessions.create(
            {
                "mode": "payment",
                "line_items": [line],
                "success_url": "https://shop.example/done?session={CHECKOUT_SESSION_ID}",
                "cancel_url": "https://shop.example/back",
                "client_reference_id": "o1",
                **more,
            }
        )

    return make


@pytest.fixture
def browse(account):
    """Give a browser without scripts: status, where it is sent, and the page."""

    def ask(url, **form):
        parts = urlsplit(url)
        body = urlencode(form).encode()
        reply = account.serve(
            Request("POST" if form else "GET", parts.path, parts.query, (("Host", "bank.test"),), body)
        )
        return reply.status, reply.header("Location"), reply.body.decode()

    return ask


def typed(number):
    return {
        "email": "ada@example.com",
        "name": "Ada",
        "card[number]": number,
        "card[expiry]": "12 / 34",
        "card[cvc]": "123",
    }


def told(account, kind):
    bodies = [json.loads(event.body) for event in account.told]
    return [one["data"]["object"] for one in bodies if one["type"] == kind]


def test_a_session_shows_what_was_asked_for(client, opened):
    made = opened(metadata={"k": "v"})
    shown = client.checkout.sessions.retrieve(made.id, {"expand": ["line_items"]})
    lines = client.checkout.sessions.line_items.list(made.id)

    assert (made.status, made.payment_status, made.payment_intent) == ("open", "unpaid", None)
    assert (made.amount_total, made.currency, made.client_reference_id) == (2500, "eur", "o1")
    assert made.url.endswith(f"/c/pay/{made.id}")
    assert made.expires_at - made.created == 24 * 3600
    assert [(one.description, one.amount_total) for one in shown.line_items.data] == [("A <book>", 2500)]
    assert [one.price.unit_amount for one in lines.data] == [1250]


def test_a_shopper_pays(client, account, opened, browse):
    made = opened(
        payment_intent_data={"metadata": {"order": "o1"}, "setup_future_usage": "off_session"},
        customer_creation="always",
    )
    status, _, page = browse(made.url)
    paid = browse(made.url, **typed(CARD))
    session = client.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent"]})

    assert (status, "A &lt;book&gt;" in page, "25.00 EUR" in page) == (200, True, True)
    assert paid[:2] == (303, f"https://shop.example/done?session={made.id}")
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert session.payment_intent.metadata.to_dict() == {"order": "o1"}
    assert (session.customer_details.email, session.customer_details.name) == ("ada@example.com", "Ada")
    assert client.customers.retrieve(session.customer).email == "ada@example.com"
    assert account.types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "customer.created",
        "checkout.session.completed",
    ]
    assert "paid already" in browse(made.url)[2]
    assert "paid already" in browse(made.url, **typed(CARD))[2]
    assert len(account.book.payments()) == 1


def test_a_declined_shopper_tries_another_card_with_the_same_intent(client, account, opened, browse):
    made = opened()
    status, _, page = browse(made.url, **typed(DECLINED))
    first = client.checkout.sessions.retrieve(made.id)
    done = browse(made.url, **typed(CARD))
    second = client.checkout.sessions.retrieve(made.id)

    assert (status, "insufficient funds" in page) == (200, True)
    assert (first.status, second.status, done[0]) == ("open", "complete", 303)
    assert first.payment_intent == second.payment_intent
    assert len(account.book.payment(second.payment_intent).attempts) == 2


@pytest.mark.parametrize(("result", "status"), [("pass", "complete"), ("fail", "open")])
def test_a_challenge_stands_between(client, opened, browse, result, status):
    made = opened()
    _, challenge, _ = browse(made.url, **typed(CHALLENGED))
    intent = client.checkout.sessions.retrieve(made.id).payment_intent
    _, _, page = browse(challenge)
    _, back, _ = browse(challenge, payment_intent=intent, result=result)

    assert "25.00 EUR" in page
    assert client.checkout.sessions.retrieve(made.id).status == status
    assert back == (
        f"https://shop.example/done?session={made.id}" if result == "pass" else f"/c/pay/{made.id}"
    )
    assert "over" in browse(challenge)[2]


@pytest.mark.parametrize(("result", "ending"), [("pass", "succeeded"), ("fail", "failed")])
def test_the_challenge_of_an_intent_leads_back_to_the_shop(client, paid, browse, result, ending):
    intent = paid(card="pm_card_authenticationRequired", return_url="https://shop.example/back?a=1#top")
    page = intent.next_action.redirect_to_url.url
    _, back, _ = browse(page, payment_intent=intent.id, result=result)

    query = parse_qs(urlsplit(back).query)
    assert (query["a"], query["redirect_status"], query["payment_intent"]) == (["1"], [ending], [intent.id])
    assert query["payment_intent_client_secret"] == [intent.client_secret]
    assert urlsplit(back).fragment == "top"
    assert (client.payment_intents.retrieve(intent.id).status == "succeeded") == (result == "pass")


def test_the_challenge_of_a_setup_leads_back_as_well(client, browse):
    setup = client.setup_intents.create(
        {
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
            "return_url": "https://a.example/",
        }
    )
    _, back, _ = browse(setup.next_action.redirect_to_url.url, setup_intent=setup.id, result="pass")

    assert parse_qs(urlsplit(back).query)["redirect_status"] == ["succeeded"]
    assert client.setup_intents.retrieve(setup.id).status == "succeeded"


def test_a_card_is_saved_without_a_payment(client, account, opened, browse):
    customer = client.customers.create().id
    made = opened(mode="setup", currency="eur", line_items="", customer=customer)
    browse(made.url, **typed(CARD))
    session = client.checkout.sessions.retrieve(made.id, {"expand": ["setup_intent"]})

    assert (session.status, session.payment_status) == ("complete", "no_payment_required")
    assert client.payment_methods.retrieve(session.setup_intent.payment_method).customer == customer
    assert account.types()[-1] == "checkout.session.completed"


@pytest.mark.parametrize(
    ("bank", "kind", "status"),
    [("pays", "async_payment_succeeded", "paid"), ("fails", "async_payment_failed", "unpaid")],
)
def test_a_bank_debit_is_told_twice(client, account, opened, browse, bank, kind, status):
    made = opened(payment_method_types=["us_bank_account"])
    browse(made.url, email="a@example.com", method="us_bank_account", bank=bank)
    account.clock.advance(5 * 24 * 3_600_000)
    account.book.run_due()
    account.tell()

    (completed,) = told(account, "checkout.session.completed")
    (ended,) = told(account, f"checkout.session.{kind}")
    assert (completed["status"], completed["payment_status"]) == ("complete", "unpaid")
    assert ended["payment_status"] == status


def test_a_session_is_expired_on_demand_or_after_a_day(client, account, opened, browse):
    first, second = opened(), opened()
    gone = client.checkout.sessions.expire(first.id)
    account.clock.advance(24 * 3_600_000)
    late = client.checkout.sessions.retrieve(second.id)

    assert (gone.status, late.status, gone.url) == ("expired", "expired", None)
    assert [one["id"] for one in told(account, "checkout.session.expired")] == [first.id, second.id]
    assert "expired" in browse(first.url)[2]
    with pytest.raises(stripe.InvalidRequestError):
        client.checkout.sessions.expire(first.id)


def test_a_replica_that_is_behind_lets_no_session_expire(account, opened, browse, ask):
    made = opened()
    browse(made.url, **typed(DECLINED))
    account.clock.advance(24 * 3_600_000)
    key = ("Authorization", f"Bearer {account.api_key}")
    asked = account.dialect.parse(Request("GET", f"/v1/checkout/sessions/{made.id}", "", (key,)))
    book, account.book = account.book, account.book.behind(1)
    behind = account.dialect.answer(asked, account).reply
    account.book = book
    now = ask("GET", f"/v1/checkout/sessions/{made.id}")

    assert (behind.status, json.loads(behind.body)["status"]) == (200, "open")
    assert now[1]["status"] == "expired"


def test_the_intent_of_a_session_is_not_cancelled_by_hand(client, opened, browse):
    made = opened()
    browse(made.url, **typed(DECLINED))
    intent = client.checkout.sessions.retrieve(made.id).payment_intent

    with pytest.raises(stripe.InvalidRequestError):
        client.payment_intents.cancel(intent)
    client.checkout.sessions.expire(made.id)
    assert client.payment_intents.retrieve(intent).status == "canceled"


def test_sessions_are_listed(client, opened, browse):
    first, second = opened(), opened()
    browse(first.url, **typed(CARD))
    intent = client.checkout.sessions.retrieve(first.id).payment_intent

    assert [one.id for one in client.checkout.sessions.list().data] == [second.id, first.id]
    assert [one.id for one in client.checkout.sessions.list({"status": "open"}).data] == [second.id]
    assert [one.id for one in client.checkout.sessions.list({"payment_intent": intent}).data] == [first.id]


LINE = {"price_data": {"currency": "eur", "unit_amount": 500, "product_data": {"name": "x"}}, "quantity": 1}


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"success_url": "javascript:alert(1)"}, "success_url"),
        ({"line_items": [{"price": "price_1", "quantity": 1}]}, "line_items[0][price]"),
        ({"line_items": [LINE, {**LINE, "quantity": 0}]}, "line_items[1][quantity]"),
        ({"line_items": [{**LINE, "price_data": {"currency": "eur"}}]},
         "line_items[0][price_data][product_data][name]"),
        ({"line_items": ""}, "line_items"),
        ({"mode": "subscription"}, "mode"),
        ({"payment_intent_data": {"colour": "red"}}, "payment_intent_data[colour]"),
        ({"payment_intent_data": {"metadata": "red"}}, "payment_intent_data[metadata]"),
        ({"discounts": [{"coupon": "c"}]}, "discounts"),
        ({"expires_at": 1}, "expires_at"),
        ({"customer": "cus_nobody"}, "customer"),
    ],
)  # fmt: skip
def test_what_is_not_simulated_or_wrong_is_refused_with_its_path(opened, changes, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        opened(**changes)

    assert refused.value.param == param


@pytest.mark.parametrize("url", ["/c/pay/cs_test_nothing", "/3d_secure_2/hosted?payment_intent=pi_nothing"])
def test_pages_of_nothing_say_so(browse, url):
    assert browse(url)[0] == 404


def test_a_wrong_number_is_told_on_the_page_and_never_shown_again(opened, browse):
    _, _, page = browse(opened().url, **typed("4242 4242 4242 4241"))

    assert "card number is incorrect" in page
    assert "4241" not in page


def test_where_a_shopper_is_sent_cannot_break_out_of_the_header(client, paid, browse):
    intent = paid(card="pm_card_authenticationRequired", return_url="https://a.example/\r\nSet-Cookie: x=1")
    _, back, _ = browse(intent.next_action.redirect_to_url.url, payment_intent=intent.id, result="pass")

    assert "\r" not in back
    assert "\n" not in back

"""The route to Adyen against the simulated one: what an answer proves, and what only a notification does."""

import pytest
from tests.providers.adyen.conftest import KEY, MERCHANT, Account
from tests.reference.listening import listening

from badgateway.ground.records import changed
from badgateway.providers.adyen.signing import hmac_key, sign_inside
from badgateway.providers.base import Endpoint
from badgateway.reference.adyen.mirror import Mirror
from badgateway.reference.adyen.notifications import open_items, read_fact
from badgateway.reference.provider import CallFailed
from badgateway.reference.reconciling import Reconciling
from badgateway.reference.service import build_service
from badgateway.reference.settings import BadSetting, read_settings
from badgateway.reference.states import State

SECRET, BUDGET_MS = "whsec_of_the_route", 20_000
NOWHERE = "http://127.0.0.1:1"


class Route:
    """Our route, the account at its end, and a way to let notifications arrive."""

    def __init__(self, service, account):
        self.service, self.provider, self.account = service, service.provider, account
        self.mirror = Mirror(service.store, "main")
        self.answers_with = None  # a status instead of the answer
        self.shows = None  # a body instead of the answer's

    def pay(self, word="APPROVED", mode="manual", key="k1"):
        params = {
            "amount": 1000,
            "currency": "eur",
            "payment_method": f"TEST{word}",
            "capture_method": mode,
            "return_url": "https://shop.example/",
            "metadata": {"order": "o1", "attempt": "1"},
        }
        return self.provider.perform("pay", params, key, BUDGET_MS)

    def capture(self, psp, amount=1000, key="k2"):
        params = {"payment_id": psp, "amount_to_capture": amount}
        return self.provider.perform("capture", params, key, BUDGET_MS)

    def refund(self, psp, amount=300, key="k3"):
        params = {"payment_intent": psp, "amount": amount, "metadata": {"order": "o1", "refund": "mine"}}
        return self.provider.perform("refund", params, key, BUDGET_MS)

    def hear(self):
        """Let everything arrive that was told since the last time."""
        for event in self.account.told:
            body = sign_inside(event.body, Endpoint("", SECRET))
            for item in open_items(body, (hmac_key(SECRET),))[0]:
                self.mirror.keep(read_fact(item, 1))
        self.account.told.clear()


@pytest.fixture
def route(tmp_path):
    """Give a route to an account on a free port of the loopback."""
    account = Account()

    def answer(request):
        reply = account.serve(request)
        return changed(reply, status=made.answers_with or reply.status, body=made.shows or reply.body)

    with listening(answer) as url:
        service = build_service(read_settings(environment(url, tmp_path), 1))
        made = Route(service, account)
        yield made
        service.close()


def environment(url, folder):
    return {
        "PROVIDER": "adyen",
        "ADYEN_API_BASE": url,
        "ADYEN_API_KEY": KEY,
        "ADYEN_WEBHOOK_SECRET": hmac_key(SECRET),
        "ADYEN_MERCHANT_ACCOUNT": MERCHANT,
        "DATABASE": str(folder / "books.sqlite"),
    }


def test_a_payment_is_known_from_its_answer(route):
    seen = route.pay()

    assert (seen.state, seen.captured_minor, seen.order_reference, seen.attempt_n) == (
        State.AUTHORIZED,
        0,
        "o1",
        1,
    )
    assert route.provider.payment(seen.provider_id) == seen


def test_an_automatic_payment_is_captured(route):
    assert (route.pay(mode="automatic").state, route.account.book.payments()[0].captured_minor) == (
        State.SUCCEEDED,
        1000,
    )


def test_a_refusal_is_a_decline(route):
    with pytest.raises(CallFailed) as declined:
        route.pay("INSUFFICIENTFUNDS")

    assert (declined.value.proves, declined.value.code) == ("declined", "Not enough balance")
    assert declined.value.payment.state is State.FAILED


def test_a_pending_method_waits_for_its_notification(route):
    assert route.pay("PENDINGTHENSUCCEEDS", "automatic").state is State.PROCESSING


def test_a_capture_is_unknown_until_it_was_told(route):
    psp = route.pay().provider_id
    with pytest.raises(CallFailed) as received:
        route.capture(psp)
    before = route.provider.payment(psp).state
    route.hear()

    assert (received.value.proves, received.value.code, received.value.may_retry) == (
        "nothing",
        "received",
        False,
    )
    assert before is State.AUTHORIZED
    assert route.provider.payment(psp).captured_minor == 1000
    assert route.capture(psp).state is State.SUCCEEDED
    assert route.account.book.payment(psp).captured_minor == 1000


def test_a_capture_that_failed_is_declined_once_it_was_told(route):
    psp = route.pay().provider_id
    with pytest.raises(CallFailed):
        route.capture(psp, 1001)
    route.hear()

    with pytest.raises(CallFailed) as failed:
        route.capture(psp, 1001)

    assert failed.value.proves == "declined"
    assert failed.value.payment.state is State.AUTHORIZED


def test_a_cancellation_is_unknown_until_it_was_told(route):
    psp = route.pay().provider_id
    with pytest.raises(CallFailed):
        route.provider.perform("void", {"payment_id": psp}, "k4", BUDGET_MS)
    route.hear()

    assert route.provider.payment(psp).state is State.CANCELLED


def test_a_refund_is_pending_until_it_was_told(route):
    psp = route.pay(mode="automatic").provider_id
    first = route.refund(psp)
    route.hear()

    assert (first.state, first.reference, first.payment_id) == ("PENDING", "mine", psp)
    assert route.provider.refund(first.provider_id).state == "SUCCEEDED"
    assert route.provider.payment(psp).refunded_minor == 300
    assert [one.provider_id for one in route.provider.refunds_of(psp)] == [first.provider_id]


def test_the_same_key_asks_once(route):
    assert route.pay().provider_id == route.pay().provider_id
    assert len(route.account.book.payments()) == 1


@pytest.mark.parametrize(("status", "proves"), [(500, "nothing"), (503, "nothing"), (429, "not_done")])
def test_trouble_proves_nothing(route, status, proves):
    route.answers_with = status

    with pytest.raises(CallFailed) as failed:
        route.pay()

    assert failed.value.proves == proves
    assert failed.value.may_retry


@pytest.mark.parametrize("shows", [b'{"status": "received"}', b'{"status": "received", "pspReference": 7}'])
def test_an_answer_without_a_reference_proves_nothing(route, shows):
    """Whatever was asked for may have been done: the notification tells."""
    psp = route.pay().provider_id
    route.shows = shows

    for ask in (route.pay, lambda: route.capture(psp), lambda: route.refund(psp)):
        with pytest.raises(CallFailed) as failed:
            ask()
        assert (failed.value.proves, failed.value.code) == ("nothing", "unexpected_answer")


def test_an_amount_of_another_shape_proves_nothing(route):
    route.shows = b'{"resultCode": "Authorised", "pspReference": "A234567890123456", "amount": {"value": 1}}'

    with pytest.raises(CallFailed) as failed:
        route.pay()

    assert (failed.value.proves, failed.value.code) == ("nothing", "unexpected_answer")


def test_a_refused_request_was_not_carried_out(route):
    psp = route.pay().provider_id

    with pytest.raises(CallFailed) as refused:
        route.capture(psp, 0)

    assert (refused.value.proves, refused.value.code) == ("refused", "137")


def test_nobody_listening_proves_that_nothing_was_done(tmp_path):
    service = build_service(read_settings(environment(NOWHERE, tmp_path), 1))
    try:
        with pytest.raises(CallFailed) as failed:
            Route(service, None).pay()
    finally:
        service.close()

    assert failed.value.proves == "not_done"


def test_what_was_never_told_is_not_there(route):
    for look in (route.provider.payment, route.provider.refund, route.provider.dispute):
        with pytest.raises(CallFailed) as missing:
            look("A" * 16)
        assert missing.value.code == "resource_missing"


def test_the_list_is_never_known_to_be_whole(route):
    seen = route.pay()

    assert route.provider.payments_since(0, BUDGET_MS, Reconciling()) == ([seen], False)


def test_a_probe_asks_for_the_methods_of_payment(route):
    route.provider.probe()

    assert route.account.calls == 1


def test_cards_are_never_taken(route):
    with pytest.raises(CallFailed):
        route.provider.tokenise({"number": "1"}, "o1")


@pytest.mark.parametrize("changed", [{"PROVIDER": "nobody"}, {"ADYEN_API_KEY": ""}])
def test_wrong_settings_are_named(tmp_path, changed):
    with pytest.raises(BadSetting, match=next(iter(changed))):
        read_settings({**environment(NOWHERE, tmp_path), **changed}, 1)

"""What the routes without an SDK share: the same answer proves the same on each of them."""

import json

import pytest
from tests.reference.listening import listening

from badgateway.ground.message import Reply
from badgateway.reference.json_provider import object_of, understood, writable
from badgateway.reference.provider import CallFailed
from badgateway.reference.service import build_service
from badgateway.reference.settings import read_settings

SECRETS = {"adyen": "ab" * 32, "euler": "us:er", "checkout": "secret"}
# An error in each provider's own words.
OWN = {
    "adyen": {"errorCode": "130"},
    "euler": {"error_code": "130"},
    "checkout": {"error_codes": ["130"]},
}


class Answers:
    """One answer for everybody, and what was asked for."""

    def __init__(self):
        self.status, self.body, self.headers, self.asked = 200, b"{}", (), []

    def answer(self, request):
        self.asked.append(request.path)
        return Reply(self.status, self.body, self.headers)


@pytest.fixture
def answers():
    """Give the one answer that every address has."""
    return Answers()


@pytest.fixture(params=sorted(SECRETS))
def route(request, answers, tmp_path):
    """Give a route and its name, whose provider has one answer for everything."""
    name = request.param
    with listening(answers.answer) as url:
        environment = {
            "PROVIDER": name,
            f"{name.upper()}_API_BASE": url,
            f"{name.upper()}_API_KEY": "key",
            f"{name.upper()}_WEBHOOK_SECRET": SECRETS[name],
            f"{name.upper()}_MERCHANT_ACCOUNT": "shop",
            f"{name.upper()}_RESPONSE_KEY": "key",
            "DATABASE": str(tmp_path / "books.sqlite"),
        }
        service = build_service(read_settings(environment, 1))
        yield service.provider, name
        service.close()


def failure(provider):
    """Ask for something and give what is raised."""
    with pytest.raises(CallFailed) as raised:
        provider.probe()
    return raised.value


@pytest.mark.parametrize(
    ("status", "is_own", "proves"),
    [
        (400, True, "refused"),
        (403, True, "refused"),
        (401, False, "nothing"),
        (409, True, "nothing"),
        (429, True, "not_done"),
        (429, False, "not_done"),
        (500, True, "nothing"),
    ],
)
def test_a_refusal_is_one_in_the_providers_own_words(route, answers, status, is_own, proves):
    """A body that is not the provider's may come from anything between us and it."""
    provider, name = route
    answers.status, answers.body = status, json.dumps(OWN[name] if is_own else {}).encode()

    problem = failure(provider)

    assert (problem.proves, problem.code) == (proves, "130" if is_own else f"http_{status}")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"{}", b"null", b"7", b"[" * 100_000])
def test_what_is_no_object_proves_nothing(route, answers, body):
    answers.body = body

    assert failure(route[0]).proves == "nothing"


@pytest.mark.parametrize(("advice", "wait_ms"), [("2", 2000), ("soon", 0), ("-1", 0)])
def test_the_advice_when_to_come_again_is_taken_where_it_can_be_read(route, answers, advice, wait_ms):
    answers.status, answers.headers = 429, (("Retry-After", advice),)

    assert failure(route[0]).retry_after_ms == wait_ms


def test_only_a_servers_own_trouble_makes_it_doubtful(route, answers):
    provider, name = route
    answers.status, answers.body = 400, json.dumps(OWN[name]).encode()
    failure(provider)
    before = provider.is_doubtful
    answers.status = 503
    failure(provider)

    assert (before, provider.is_doubtful) == (False, True)


def test_what_such_a_route_has_nothing_of_is_never_asked_for(route, answers):
    provider, _ = route

    with pytest.raises(CallFailed, match="not_supported"):
        provider.tokenise({"number": "4242"}, "o1")
    assert (provider.payment_of_charge("ch_1"), provider.payouts_since(0), provider.lines_of("po_1")) == (
        None,
        [],
        [],
    )
    assert answers.asked == []


def test_an_answer_of_another_shape_proves_nothing():
    with pytest.raises(CallFailed, match="nothing: unexpected_answer"):
        understood(lambda: object_of([])["id"])


def test_an_amount_that_cannot_be_written_is_refused():
    def to_wire(minor, currency):
        raise ValueError(f"{minor} {currency}")

    with pytest.raises(CallFailed, match="refused: amount_not_supported"):
        writable(to_wire, 1, "BTC")

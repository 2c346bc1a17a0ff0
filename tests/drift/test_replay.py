"""Recordings played again: one simulator stands in for the sandbox, as it is or with planted differences."""

import asyncio

import aiohttp
import pytest

from badgateway.drift.recording import Answered, Asked, Body, Exchange, Recording
from badgateway.drift.replay import replay, simulated
from badgateway.errors import EnvironmentProblem, InputError
from badgateway.providers import DIALECTS

REFUND_ALL = {"reason": "requested_by_customer"}


async def shop(url, key):
    """Do what a shop does at Stripe: pay, capture, refund, look and list, be declined, and be refused."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as session:

        async def ask(method, path, **form):
            async with session.request(method, f"{url}{path}", data=form or None) as answer:
                return await answer.json()

        card = {"payment_method_types[0]": "card", "payment_method": "pm_card_visa"}
        base = {"amount": "4999", "currency": "eur", "confirm": "true", **card}
        held = await ask("POST", "/v1/payment_intents", **base, capture_method="manual")
        await ask("POST", f"/v1/payment_intents/{held['id']}/capture", amount_to_capture="4000")
        refund = await ask("POST", "/v1/refunds", payment_intent=held["id"], amount="1000", **REFUND_ALL)
        await ask("GET", f"/v1/refunds/{refund['id']}")
        await ask("GET", f"/v1/payment_intents/{held['id']}")
        await ask("GET", f"/v1/charges?payment_intent={held['id']}&limit=3")
        await ask("POST", "/v1/payment_intents", **base | {"payment_method": "pm_card_chargeDeclined"})
        await ask("GET", "/v1/payment_intents/pi_3Qx81LkdIwHu7ixAAAAAAAAA")
        await ask("POST", "/v1/payment_intents", amount="-1", currency="eur")


async def pay_at_adyen(url, key, merchant_account):
    async with aiohttp.ClientSession(headers={"X-API-Key": key}) as session:
        order = {
            "merchantAccount": merchant_account,
            "amount": {"value": 4999, "currency": "EUR"},
            "reference": "order-of-jo-miller",
            "returnUrl": "https://shop.example/back",
            "shopperEmail": "jo.miller@corp.example",
            "paymentMethod": {
                "type": "scheme",
                "number": "4111111111111111",
                "expiryMonth": "03",
                "expiryYear": "2030",
                "cvc": "737",
                "holderName": "Jo Miller",
            },
        }
        async with session.post(f"{url}/v71/payments", json=order) as answer:
            paid = await answer.json()
        part = {
            "merchantAccount": merchant_account,
            "amount": {"value": 500, "currency": "EUR"},
            "reference": "r1",
        }
        async with session.post(f"{url}/v71/payments/{paid['pspReference']}/refunds", json=part) as answer:
            return paid, answer.status


def recorded(recorder, serving_sandbox, **sandbox):
    """Record a shop's calls to a sandbox."""

    async def main():
        async with serving_sandbox(**sandbox) as settings, recorder.before(settings["url"]):
            await shop(recorder.url, settings["api_key"])

    asyncio.run(main())
    return recorder.recording


def played(recording, provider="stripe", api_version=None):
    async def main():
        async with simulated(provider, api_version) as settings:
            return await replay(recording, provider, settings)

    return asyncio.run(main())


def rows(drift):
    return [(one.operation, one.kind, one.path, one.sandbox, one.simulator) for one in drift.differences]


def test_the_same_simulator_shows_no_drift(recorder, serving_sandbox):
    drift = played(recorded(recorder, serving_sandbox))

    assert rows(drift) == []
    assert drift.untried == ()
    assert drift.compared == 9
    assert drift.values > 20  # ids and times, which differ in life


# The first one is of the refund.
FETCH = '  - {at: "fetch[2]", phase: after_commit, do: mutate, %s}\n'
INTENT = "GET /v1/payment_intents/{id}"


@pytest.mark.parametrize(
    ("fault", "row"),
    [
        ("kind: extra_field", (INTENT, "missing", "$.something_new", "object", "-")),
        (
            "kind: drop_field, field: $.amount_received",
            (INTENT, "extra", "$.amount_received", "-", "integer"),
        ),
        ("kind: null_field, field: $.latest_charge", (INTENT, "type", "$.latest_charge", "null", "string")),
        ("kind: key_order", None),
    ],
)
def test_a_planted_difference_is_reported_and_nothing_else(recorder, serving_sandbox, fault, row):
    drift = played(recorded(recorder, serving_sandbox, faults=FETCH % fault))

    assert rows(drift) == ([row] if row else [])


def test_another_version_of_the_provider_is_told_field_by_field(recorder, serving_sandbox):
    drift = played(recorded(recorder, serving_sandbox, api_version="2022-08-01"))

    assert (INTENT, "missing", "$.charges", "object", "-") in rows(drift)
    assert {kind for _, kind, *_ in rows(drift)} <= {"missing", "extra", "type"}
    assert [(name, theirs) for name, theirs, _ in drift.versions] == [("stripe-version", "2022-08-01")]
    again = played(recorder.recording, api_version="2022-08-01")
    assert (rows(again), again.versions) == ([], ())


def test_a_status_that_differs_is_told_once_and_what_follows_from_it_is_not_tried(recorder, serving_sandbox):
    recording = recorded(recorder, serving_sandbox)
    first, *others = recording.exchanges
    keyless = tuple(pair for pair in first.request.headers if pair[0] != "authorization")
    request = Asked(first.request.method, first.request.path, (), keyless, first.request.body)

    drift = played(
        Recording("stripe", "", (Exchange(1, 0, 0, request, first.reply), *others)),
    )

    assert rows(drift) == [
        ("POST /v1/payment_intents", "status", "", "200", "401 invalid_request_error"),
    ]
    assert [one.n for one in drift.untried] == [2, 3, 4, 5, 6]
    assert drift.untried[0].why == "it names what call 1 gave at the sandbox, and not here"


def test_an_error_code_that_differs_is_told(recorder, serving_sandbox):
    recording = recorded(recorder, serving_sandbox)
    declined = recording.exchanges[6]
    told = declined.reply.body.value["error"]
    other = Body("json", {"error": told | {"decline_code": "stolen_card"}}, declined.reply.body.media)
    reply = Answered(declined.reply.status, declined.reply.headers, other)

    drift = played(Recording("stripe", "", (Exchange(1, 0, 0, declined.request, reply),)))

    assert rows(drift) == [
        ("POST /v1/payment_intents", "code", "$.error.decline_code", "stolen_card", "generic_decline")
    ]


def test_a_sandbox_that_was_busy_or_broken_shows_no_drift(recorder, serving_sandbox):
    recording = recorded(recorder, serving_sandbox)
    first, *others = recording.exchanges
    busy = Exchange(10, 0, 0, first.request, Answered(429))

    drift = played(Recording("stripe", "", (first, *others, busy)))

    assert drift.is_same
    assert [(one.n, one.why) for one in drift.untried] == [(10, "the sandbox was busy or broken: 429")]


def test_what_was_made_before_the_recording_is_said_to_be(recorder, serving_sandbox):
    recording = recorded(recorder, serving_sandbox)
    fetch = recording.exchanges[4]

    drift = played(Recording("stripe", "", (fetch,)))

    (one,) = drift.differences
    assert (one.kind, one.simulator.split()[0]) == ("status", "404")
    assert one.note.endswith("was made before the recording")


def test_adyen_is_asked_with_the_account_and_a_card_of_the_simulators_own(recorder, serving_sandbox):
    async def main():
        async with serving_sandbox("adyen") as settings, recorder.before(settings["url"], "adyen"):
            return await pay_at_adyen(recorder.url, settings["api_key"], settings["merchant_account"])

    paid, status = asyncio.run(main())
    drift = played(recorder.recording, "adyen")

    assert (paid["resultCode"], status) == ("Authorised", 201)
    assert (rows(drift), drift.compared) == ([], 2)
    private = ("4111111111111111", "Miller", "miller", '"737"', "shop.example", paid["pspReference"])
    assert [word for word in private if word in recorder.text] == []


def test_a_recording_without_answers_is_bad_input():
    asked = Asked("GET", "/v1/balance")

    with pytest.raises(InputError, match="no call that can be compared"):
        played(Recording("stripe", "", (Exchange(1, 0, 0, asked, None, "no answer in time"),)))


def test_a_simulator_that_is_not_there_is_said_to_be():
    settings = {**DIALECTS["stripe"].settings("http://127.0.0.1:9", "sk_test_1", "")}
    recording = Recording("stripe", "", (Exchange(1, 0, 0, Asked("GET", "/v1/balance"), Answered(200)),))

    with pytest.raises(EnvironmentProblem, match="cannot connect"):
        asyncio.run(replay(recording, "stripe", settings))

"""What registered endpoints are told, at which addresses, and what signs for them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.providers.stripe.conftest import KEY

from badgateway.ground.message import Request
from badgateway.ground.records import changed
from badgateway.providers.base import Registers
from badgateway.providers.stripe.registrations import (
    disable,
    hearers,
    inherit,
    is_wanted,
    registrations,
    told,
)
from badgateway.providers.stripe.shelf import shelf

HOOK = "http://127.0.0.1:9/hook"


def _registered(ask, *, events="*", url=HOOK):
    status, body = ask("POST", "/v1/webhook_endpoints", f"url={url}&enabled_events[]={events}")
    assert status == 200, body
    return body


def _register(account, payload, events, url, *, is_disabled):
    """Register an endpoint or a destination with an account, and disable it where that is wanted."""
    bearer = ("Authorization", f"Bearer {KEY}")
    if payload == "endpoint":
        form = f"url={url}&enabled_events[]={events}".encode()
        reply = account.serve(Request("POST", "/v1/webhook_endpoints", "", (bearer,), form))
    else:
        wanted = {
            "name": "mine",
            "type": "webhook_endpoint",
            "event_payload": payload,
            "enabled_events": [f"v1.{events}" if payload == "thin" and events != "*" else events],
            "webhook_endpoint": {"url": url},
        }
        headers = (bearer, ("Content-Type", "application/json"))
        form = json.dumps(wanted).encode()
        reply = account.serve(Request("POST", "/v2/core/event_destinations", "", headers, form))
    assert reply.status == 200, reply.body
    if is_disabled:
        disable(registrations(account)[-1], account)


def _event(ask, account, kind="charge.succeeded"):
    ask("POST", "/v1/payment_intents", "amount=500&currency=usd&payment_method=pm_card_visa&confirm=true")
    return next(one for one in account.told if one.wire_type == kind)


def test_the_dialect_offers_endpoints_of_its_accounts(account):
    assert isinstance(account.dialect, Registers)


def test_an_endpoint_hears_of_what_it_was_registered_for(ask, account):
    _registered(ask, events="charge.succeeded")
    (one,) = registrations(account)

    assert told(_event(ask, account), one, account) is _event(ask, account)
    assert told(_event(ask, account, "payment_intent.succeeded"), one, account) is None


def test_each_endpoint_has_the_secret_that_it_was_told(ask, account):
    made = [_registered(ask), _registered(ask, url=f"{HOOK}/2")]

    found = registrations(account)

    assert [one.endpoint.secret for one in found] == [one["secret"] for one in made]
    assert [one.endpoint.url for one in found] == [HOOK, f"{HOOK}/2"]
    assert [one.n for one in found] == [1, 2]


@pytest.mark.parametrize("url", ["https://shop.example/hook", "http://10.0.0.8/hook", "http://app:8000/hook"])
def test_an_address_of_another_machine_is_refused_with_a_reason(ask, url):
    status, body = ask("POST", "/v1/webhook_endpoints", f"url={url}&enabled_events[]=*")

    assert (status, body["error"]["code"], body["error"]["param"]) == (400, "url_invalid", "url")
    assert "loopback" in body["error"]["message"]


def test_a_host_that_the_configuration_names_is_told(ask, account):
    account.webhook_hosts = frozenset({"app"})

    _registered(ask, url="http://app:8000/hook")

    assert registrations(account)[0].endpoint.url == "http://app:8000/hook"


def test_a_rolled_secret_signs_beside_the_old_one_for_a_while(ask, account):
    old = _registered(ask)
    path = f"/v1/test_helpers/webhook_endpoints/{old['id']}/roll_secret"

    _, new = ask("POST", path, "expire_old_after=3600")

    (one,) = registrations(account)
    assert (one.endpoint.secret, one.endpoint.old_secret) == (new["secret"], old["secret"])
    account.clock.jump_to(account.clock.now_ms() + 3_600_000)
    assert registrations(account)[0].endpoint.old_secret is None


@pytest.mark.parametrize(
    ("wanted", "form", "status"), [("we_x", "", 404), (None, "expire_old_after=90000", 400)]
)
def test_no_other_secret_is_rolled_and_none_for_long(ask, wanted, form, status):
    made = _registered(ask)
    path = f"/v1/test_helpers/webhook_endpoints/{wanted or made['id']}/roll_secret"

    assert ask("POST", path, form)[0] == status


def test_a_disabled_endpoint_hears_nothing_and_shows_it(ask, account):
    made = _registered(ask)
    event = _event(ask, account)

    disable(registrations(account)[0], account)

    assert told(event, registrations(account)[0], account) is None
    assert ask("GET", f"/v1/webhook_endpoints/{made['id']}")[1]["status"] == "disabled"


def test_what_was_registered_with_a_key_holds_for_its_next_account(ask, account, new_account):
    made, later = _registered(ask), new_account()

    inherit(later, account)

    assert [one.endpoint.secret for one in registrations(later)] == [made["secret"]]


def _destination(ask, **given):
    wanted = {
        "name": "mine",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": ["v1.charge.succeeded"],
        "webhook_endpoint": {"url": HOOK},
        "include": ["webhook_endpoint.url", "webhook_endpoint.signing_secret"],
    }
    return ask("POST", "/v2/core/event_destinations", json.dumps(wanted | given))


def test_a_destination_is_told_thin_events(ask, account):
    _, made = _destination(ask)
    event = _event(ask, account)
    (one,) = registrations(account)

    thin = told(event, one, account)
    body = json.loads(thin.body)

    assert (body["object"], body["type"]) == ("v2.core.event", "v1.charge.succeeded")
    assert thin.id == body["id"] != event.id == thin.retells
    assert "data" not in body
    assert "changes" not in body
    snapshot = json.loads(event.body)
    charge = snapshot["data"]["object"]["id"]
    assert body["related_object"] == {"id": charge, "type": "charge", "url": f"/v1/charges/{charge}"}
    assert "reason" not in body
    _, shown = ask("GET", f"/v2/core/events/{thin.id}")
    assert shown["reason"]["request"]["id"] == snapshot["request"]["id"]
    assert one.endpoint.secret == made["webhook_endpoint"]["signing_secret"]


def test_a_thin_event_is_one_for_all_destinations_and_can_be_asked_for(ask, account):
    _destination(ask)
    _destination(ask, webhook_endpoint={"url": f"{HOOK}/2"})
    event = _event(ask, account)

    first, second = (told(event, one, account) for one in registrations(account))
    status, shown = ask("GET", f"/v2/core/events/{first.id}")

    assert first.id == second.id
    assert (status, shown["snapshot_event"], shown["type"]) == (200, event.id, "v1.charge.succeeded")
    charge = shown["related_object"]["id"]
    assert ask("GET", "/v2/core/events", f"object_id={charge}&limit=1")[1]["data"] == [shown]
    assert ask("GET", "/v2/core/events", "types[0]=v1.charge.failed")[1]["data"] == []
    assert ask("GET", shown["related_object"]["url"])[1]["id"] == charge


def test_a_thin_event_is_kept_for_thirty_days(ask, account):
    _destination(ask)
    thin = told(_event(ask, account), registrations(account)[0], account)

    account.clock.jump_to(account.clock.now_ms() + 31 * 24 * 3_600_000)

    assert ask("GET", f"/v2/core/events/{thin.id}")[0] == 404
    assert ask("GET", "/v2/core/events")[1]["data"] == []


def test_an_address_and_a_secret_are_shown_to_who_asks_only(ask):
    _, made = _destination(ask)

    _, bare = ask("GET", f"/v2/core/event_destinations/{made['id']}")
    _, shown = ask("GET", f"/v2/core/event_destinations/{made['id']}", "include[0]=webhook_endpoint.url")

    assert made["webhook_endpoint"]["signing_secret"].startswith("whsec_")
    assert bare["webhook_endpoint"] is None
    assert shown["webhook_endpoint"] == {"url": HOOK}


def test_a_destination_is_changed_disabled_enabled_and_taken_away(ask, account):
    _, made = _destination(ask)
    place = f"/v2/core/event_destinations/{made['id']}"

    _, changed = ask("POST", place, '{"name": "other", "enabled_events": ["*"], "metadata": {"a": "b"}}')
    _, off = ask("POST", f"{place}/disable", "")
    assert not registrations(account)[0].is_enabled
    _, on = ask("POST", f"{place}/enable", "")

    assert (changed["name"], changed["enabled_events"], changed["metadata"]) == ("other", ["*"], {"a": "b"})
    assert (off["status"], off["status_details"]) == ("disabled", {"disabled": {"reason": "user"}})
    assert (on["status"], on["status_details"]) == ("enabled", None)
    assert ask("DELETE", place)[1] == {"id": made["id"], "object": "v2.core.event_destination"}
    assert ask("GET", place)[0] == 404
    assert registrations(account) == ()


def test_a_ping_is_told_to_its_destination_alone(ask, account):
    _, made = _destination(ask)
    _destination(ask, webhook_endpoint={"url": f"{HOOK}/2"})

    _, event = ask("POST", f"/v2/core/event_destinations/{made['id']}/ping")

    sent = account.told[-1]
    first, second = registrations(account)
    assert (sent.id, sent.wire_type) == (event["id"], "v2.core.event_destination.ping")
    assert event["related_object"]["id"] == made["id"]
    assert told(sent, first, account) is sent
    assert told(sent, second, account) is None
    assert not account.dialect.is_wanted(sent, HOOK, account)


def test_a_destination_may_ask_for_snapshots(ask, account):
    _destination(ask, event_payload="snapshot", enabled_events=["charge.succeeded"])
    event = _event(ask, account)

    assert told(event, registrations(account)[0], account) is event


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"enabled_events": ["charge.succeeded"]}, "enabled_events"),
        ({"enabled_events": []}, "enabled_events"),
        ({"event_payload": "snapshot"}, "enabled_events"),
        ({"event_payload": "fat"}, "event_payload"),
        ({"webhook_endpoint": {"url": "https://shop.example/"}}, "webhook_endpoint.url"),
        ({"webhook_endpoint": {}}, "webhook_endpoint.url"),
        ({"webhook_endpoint": {"url": HOOK, "colour": "red"}}, "webhook_endpoint.colour"),
        ({"enabled_events": ["v1."]}, "enabled_events"),
        ({"enabled_events": ""}, "enabled_events"),
        ({"events_from": ["elsewhere"]}, "events_from"),
        ({"include": ["webhook_endpoint.colour"]}, "include"),
        ({"metadata": ""}, "metadata"),
        ({"description": 7}, "description"),
        ({"name": None}, "name"),
        ({"type": "amazon_eventbridge"}, "type"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_no_destination_is_refused(ask, given, param):
    status, body = _destination(ask, **given)

    assert (status, body["error"]["param"]) == (400, param)


def test_null_is_as_if_it_were_left_out(ask):
    _, made = _destination(ask, description=None, metadata={"team": "checkout"})
    place = f"/v2/core/event_destinations/{made['id']}"

    status, changed = ask("POST", place, '{"metadata": null, "webhook_endpoint": null, "name": "other"}')

    assert (status, changed["metadata"], changed["name"]) == (200, {"team": "checkout"}, "other")
    assert made["description"] == ""


@pytest.mark.parametrize("text", ["name=mine", "[]", "[" * 50_000])
def test_version_2_takes_json_objects_only(ask, text):
    status, body = ask("POST", "/v2/core/event_destinations", text)

    assert (status, "JSON" in body["error"]["message"]) == (400, True)


def test_what_else_there_is_in_version_2_is_refused_clearly(ask):
    status, body = ask("POST", "/v2/core/accounts", '{"contact_email": "a@example.com"}')

    assert status == 404
    assert "/v2/core/events" in body["error"]["message"]


def test_an_address_that_is_registered_for_thin_events_alone_hears_of_nothing_else(ask, account):
    account.webhook_url = HOOK
    destination = {
        "name": "thin",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": ["*"],
        "webhook_endpoint": {"url": HOOK},
    }
    ask("POST", "/v2/core/event_destinations", json.dumps(destination))
    event = _event(ask, account)

    (one,) = registrations(account)
    assert not account.dialect.is_wanted(event, HOOK, account)
    assert told(event, one, account).wire_type == "v1.charge.succeeded"
    assert json.loads(event.body)["pending_webhooks"] == 0


_ONE = st.tuples(
    st.sampled_from(["endpoint", "snapshot", "thin"]),
    st.sampled_from(["*", "charge.succeeded", "charge.failed"]),
    st.sampled_from([HOOK, f"{HOOK}/2"]),
    st.booleans(),
)


@settings(max_examples=40, deadline=None)
@given(some=st.lists(_ONE, max_size=4), own=st.sampled_from([None, HOOK]))
def test_an_event_counts_those_who_are_told_of_it(some, own, new_account):
    """The one of the run itself counts once, under whichever name, where it is told."""
    account = new_account(webhook_url=own)
    for payload, events, url, is_disabled in some:
        _register(account, payload, events, url, is_disabled=is_disabled)
    event = changed(account.told[0], wire_type="charge.succeeded")

    hear = [one for one in registrations(account) if told(event, one, account) is event]
    elsewhere = sum(one.endpoint.url != own for one in hear)
    at_home = own is not None and (
        not any(one.endpoint.url == own for one in registrations(account))
        or any(one.endpoint.url == own for one in hear)
    )

    assert hearers("charge.succeeded", account, shelf(account)) == elsewhere + at_home
    assert own is None or is_wanted("charge.succeeded", own, account) == at_home

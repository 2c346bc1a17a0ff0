"""A play's traffic is held against the contract: whose promise was broken, and what the story shaped."""

from badgateway.contract.sightings import SEEN_MAX, Sightings, Told, review
from badgateway.ground.message import Reply, Request

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
PAID = b'{"id": "p1", "status": "paid"}'


def pay(body=b"amount=1"):
    return Request("POST", "/v1/payments", headers=FORM, body=body)


def told(body=PAID, *, event="evt1", is_spoilt=False, wire_type="payment.paid"):
    return Told("delivery1", "o1", event, wire_type, body, is_spoilt)


def test_traffic_as_promised_is_counted_and_nothing_is_broken(bank):
    seen = Sightings()
    seen.ask("call1", "o1", pay()).reply = Reply(200, PAID)
    seen.tell(told())

    found = review(bank, seen)

    assert (found.requests, found.replies, found.webhooks, found.exempt, found.broken) == (1, 1, 1, 0, [])


def test_a_request_that_is_not_allowed_is_the_integrations_and_told_once(bank):
    seen = Sightings()
    for call in ("call1", "call2"):
        seen.ask(call, "o1", pay(b"amount=0")).reply = Reply(400, b'{"error": {}}')

    (broken,) = review(bank, seen).broken

    assert (broken.party, broken.about, broken.where) == ("integration", "request", "POST /v1/payments")
    assert (broken.call, broken.order) == ("call1", "o1")


def test_an_answer_and_a_webhook_that_break_the_promise_are_the_providers(bank):
    seen = Sightings()
    seen.ask("call1", "o1", pay()).reply = Reply(500)
    seen.tell(told(b"{}"))

    parties = {(one.party, one.about) for one in review(bank, seen).broken}

    assert parties == {("provider", "reply"), ("provider", "webhook")}


def test_what_the_story_shaped_is_exempt_and_counted(bank):
    seen = Sightings()
    seen.ask("call1", "o1", pay())  # a fault answered, or nobody
    seen.tell(told(b"{}", is_spoilt=True))

    found = review(bank, seen)

    assert (found.requests, found.replies, found.exempt, found.broken) == (1, 0, 2, [])


def test_copies_of_one_event_are_held_once(bank):
    seen = Sightings()
    seen.tell(told())
    seen.tell(told())

    assert review(bank, seen).webhooks == 1


def test_what_the_document_does_not_speak_of_is_counted_and_not_judged(bank):
    seen = Sightings()
    seen.ask("call1", None, Request("GET", "/v2/things")).reply = Reply(500)
    seen.tell(told(wire_type="thing.made"))

    found = review(bank, seen)

    assert (found.undescribed, found.broken) == (2, [])


def test_no_more_is_kept_than_the_bound_and_the_rest_is_counted():
    seen = Sightings()
    for n in range(SEEN_MAX + 3):
        seen.ask(f"call{n}", None, pay())

    assert (len(seen.asked), seen.left_out) == (SEEN_MAX, 3)

"""Webhooks: who is believed, what counts once, and what order does."""

from __future__ import annotations

import threading

import pytest

SECRET = "whsec_test_secret"
FACT = "payment_intent.succeeded"


@pytest.fixture
def pending(fake, start):
    """Give a shop whose order o1 the provider has just been paid for, and nobody has told it."""
    shop = start()
    shop.opened()
    shop.pay(method="pm_slow")
    shop.payment = fake.payments["pi_1"]
    fake.become(shop.payment, "succeeded", 4999)
    return shop


def test_a_second_copy_is_acknowledged_and_changes_nothing(fake, pending):
    event = fake.event(FACT, pending.payment)
    first, view = pending.tell(event), pending.view()
    looks = fake.count("fetch")

    second = pending.tell(event)

    assert (first.json, second.json) == ({"result": "applied"}, {"result": "duplicate"})
    assert (second.status_code, pending.view(), fake.count("fetch")) == (200, view, looks)


def test_copies_that_arrive_together_have_one_effect(fake, pending):
    event, answers = fake.event(FACT, pending.payment), []
    fake.gate = threading.Event()
    senders = [
        threading.Thread(target=lambda: answers.append(pending.tell(event).status_code)) for _ in range(4)
    ]

    for sender in senders:
        sender.start()
    fake.gate.set()
    for sender in senders:
        sender.join()

    assert answers == [200] * 4
    assert pending.view()["effects"] == {"fulfilments": 1, "receipts": 1}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"secret": "whsec_of_another"}, 400),
        ({"at": 1_000_000_000}, 400),
    ],
)
def test_only_recent_bytes_signed_with_our_secret_are_believed(fake, pending, change, status):
    answer = pending.tell(fake.event(FACT, pending.payment), **change)

    assert answer.status_code == status
    assert (pending.view()["status"] == "PAID") is (status == 200)


@pytest.mark.parametrize("header", [{}, {"Stripe-Signature": "garbage"}, {"Stripe-Signature": "t=1,v1=00"}])
def test_unsigned_and_garbled_signatures_are_refused(fake, pending, header):
    raw = pending.signed(fake.event(FACT, pending.payment))["data"]

    answer = pending.client.post("/webhooks/stripe", data=raw, headers=header)

    assert (answer.status_code, pending.view()["status"]) == (400, "PENDING")


def test_the_signature_covers_the_bytes_not_the_meaning(fake, pending):
    sent = pending.signed(fake.event(FACT, pending.payment))

    answer = pending.client.post("/webhooks/stripe", data=sent["data"] + " ", headers=sent["headers"])

    assert answer.status_code == 400


def test_both_secrets_count_while_one_is_rotated(fake, start):
    shop = start(STRIPE_WEBHOOK_SECRET=f"whsec_new, {SECRET}")
    shop.opened()
    shop.pay(method="pm_slow")
    event = fake.event(FACT, fake.payments["pi_1"])

    answers = [
        shop.tell({**event, "id": secret}, secret=secret).status_code for secret in ("whsec_new", SECRET)
    ]

    assert answers == [200, 200]


def test_nothing_is_believed_without_a_configured_secret(fake, start):
    shop = start(STRIPE_WEBHOOK_SECRET="")

    assert (
        shop.tell(fake.event(FACT, {"object": "payment_intent", "id": "pi_1"}), secret="").status_code == 400
    )


def test_a_stale_event_after_a_newer_one_does_no_harm(fake, pending):
    stale = {**pending.payment, "status": "processing", "amount_received": 0}
    pending.tell(fake.event(FACT, pending.payment))

    answer = pending.tell(fake.event("payment_intent.processing", stale))

    assert (answer.status_code, pending.view()["status"]) == (200, "PAID")


def test_an_event_is_sent_again_until_the_look_up_works(fake, pending):
    event = fake.event(FACT, pending.payment)
    fake.script["fetch"] = [(500, {"error": {"type": "api_error"}}, {})]

    first, second = pending.tell(event), pending.tell(event)

    assert (first.status_code, second.status_code) == (503, 200)
    assert pending.view()["status"] == "PAID"


def test_an_event_that_could_not_be_looked_up_is_taken_by_the_next_sync(fake, pending):
    fake.script["fetch"] = ["close_before"]
    assert pending.tell(fake.event(FACT, pending.payment)).status_code == 503

    done = pending.client.post("/internal/sync").json["looked_at"]

    assert done["events"] == 1
    assert pending.view()["status"] == "PAID"


@pytest.mark.parametrize(
    ("kind", "thing", "result"),
    [
        ("customer.created", {"id": "cus_1", "object": "customer"}, "ignored"),
        ("brand.new", {"id": "x", "object": "novelty"}, "ignored"),
        ("payment_intent.succeeded", {"id": "pi_99", "object": "payment_intent"}, "foreign"),
    ],
)
def test_events_that_are_not_ours_are_acknowledged(fake, pending, kind, thing, result):
    answer = pending.tell(fake.event(kind, thing))

    assert (answer.status_code, answer.json) == (200, {"result": result})


def test_a_genuine_event_overtakes_the_answer_to_the_call(fake, start):
    shop, answers = start(CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000"), []
    shop.opened()
    fake.script["pay"] = ["close_after"]
    fake.gate = threading.Event()
    payer = threading.Thread(target=lambda: answers.append(shop.pay().status_code))
    payer.start()
    assert fake.arrived.acquire(timeout=5)
    fake.gate.set()
    assert fake.arrived.acquire(timeout=5)  # the retry: the first answer is lost, the money is taken

    told = shop.tell(fake.event(FACT, fake.payments["pi_1"]))
    payer.join()

    assert (told.status_code, answers) == (200, [200])
    assert shop.view()["effects"]["fulfilments"] == 1
    assert len(fake.payments) == 1


def test_a_refund_made_elsewhere_is_found(fake, pending):
    pending.tell(fake.event(FACT, pending.payment))
    fake.refund({"payment_intent": "pi_1", "amount": "1000"})
    charge = {**pending.payment["latest_charge"]}

    answer = pending.tell(fake.event("charge.refunded", charge))

    assert answer.json == {"result": "applied"}
    assert (pending.view()["status"], pending.view()["refunded_minor"]) == ("PARTIALLY_REFUNDED", 1000)


def test_a_dispute_is_shown_until_it_is_won(fake, pending):
    pending.tell(fake.event(FACT, pending.payment))
    dispute = {
        "id": "dp_1",
        "object": "dispute",
        "payment_intent": "pi_1",
        "amount": 4999,
        "status": "needs_response",
    }
    fake.disputes["dp_1"] = dispute

    pending.tell(fake.event("charge.dispute.created", dispute))
    opened = pending.view()["status"]
    dispute["status"] = "won"
    pending.tell(fake.event("charge.dispute.closed", dispute))

    assert (opened, pending.view()["status"]) == ("DISPUTED", "PAID")

"""Effects leave after the commit, once each, and until somebody has answered."""

import json

import pytest
from tests.reference.listening import listening

from badgateway.ground.message import Reply
from badgateway.reference import outbox


class Sink:
    """Takes effects on a free port, and answers each door as its script says."""

    def __init__(self):
        self.took, self.script = [], []

    def take(self, request):
        self.took.append((request.path, request.header("Idempotency-Key"), json.loads(request.body)))
        status = self.script.pop(0) if self.script else 200
        return None if status is None else Reply(status)

    @property
    def doors(self):
        return [path for path, _, _ in self.took]


@pytest.fixture
def sink():
    """Give a sink on a free port."""
    made = Sink()
    with listening(made.take) as made.url:
        yield made


@pytest.fixture
def shop(start, sink):
    """Give the reference with its effects sent to the sink, and an order in it."""
    made = start(EFFECTS_URL=sink.url)
    made.opened()
    return made


def test_a_paid_order_sends_each_of_its_effects(shop, sink):
    shop.pay()

    assert sink.doors == ["/fulfilment", "/mail", "/stock"]
    assert {body["reference"] for _, _, body in sink.took} == {"o1"}


def test_nothing_is_sent_for_an_order_that_is_not_paid(shop, sink):
    shop.pay(method="pm_card_declined")

    assert sink.took == []


def test_a_webhook_after_the_answer_sends_nothing_again(shop, sink, fake):
    shop.pay()

    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    assert len(sink.took) == 3


@pytest.mark.parametrize("answer", [500, None], ids=["an error", "no answer"])
def test_what_failed_is_sent_again_with_its_own_key(shop, sink, answer):
    sink.script = [200, answer, 200]
    shop.pay()

    shop.client.post("/internal/sync")

    keys = {path: {key for at, key, _ in sink.took if at == path} for path in sink.doors}
    assert sink.doors == ["/fulfilment", "/mail", "/stock", "/mail"]
    assert all(len(known) == 1 for known in keys.values())
    assert len({key for known in keys.values() for key in known}) == 3


def test_a_sink_that_is_down_changes_nothing_about_the_payment(start, nowhere):
    shop = start(EFFECTS_URL=nowhere)
    shop.opened()

    assert shop.pay().json["status"] == "PAID"


def test_what_was_being_sent_when_the_process_ended_is_sent_by_the_next(shop, sink, start):
    sink.script = [500, 500, 500]
    shop.pay()
    outbox._claim(shop.service)

    after = start(EFFECTS_URL=sink.url)

    assert outbox.send_due(after.service) == 3


def test_what_another_thread_is_sending_is_left_to_it(shop, sink):
    sink.script = [500, 500, 500]
    shop.pay()

    claimed = outbox._claim(shop.service)

    assert len(claimed) == 3
    assert outbox.send_due(shop.service) == 0


def test_without_an_address_nobody_is_told(start, sink):
    shop = start()
    shop.opened()

    shop.pay()

    assert sink.took == []
    assert shop.view()["effects"] == {"fulfilments": 1, "receipts": 1}

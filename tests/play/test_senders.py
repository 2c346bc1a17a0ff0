"""Webhooks without a player: several payments are told of at a time, each payment's events in their order."""

import asyncio
import gc
import json
import warnings

import pytest

from badgateway.errors import EnvironmentProblem
from badgateway.play.senders import SENDERS_MAX, Senders
from badgateway.webhooks.deliver import Receipt


class SlowCourier:
    """Answers a parcel only when it is told to."""

    def __init__(self):
        self.sent = []
        self.answers = []

    def send_now(self, parcel, heard):
        """Have no free line, so that each parcel is sent by a task."""

    async def send(self, parcel):
        answer = asyncio.get_running_loop().create_future()
        self.sent.append(json.loads(parcel.body))
        self.answers.append(answer)
        await answer
        return Receipt(parcel.delivery, 200, 1.0)


class QuickCourier(SlowCourier):
    """Has a line free for every parcel, and answers it when it is told to: plainly, or not."""

    def send_now(self, parcel, heard):
        sending = Sent(Receipt(parcel.delivery, 200, 1.0), heard)
        self.sent.append(json.loads(parcel.body))
        self.answers.append(sending)
        return sending


class Sent:
    """A parcel that is sent."""

    def __init__(self, coming, heard):
        self.coming, self.heard, self.receipt, self.is_given_up = coming, heard, None, False

    def set_result(self, _):
        self.receipt = self.coming
        self.heard(self)

    def be_read_on(self):
        self.heard(self)

    async def finish(self):
        return self.coming

    def cancel(self):
        self.is_given_up = True


def confirm(lab, world, number):
    form = lab.pay_form(world)
    form["metadata[copy]"] = str(number)
    lab.ask_now(world, lab.request("POST", "/v1/payment_intents", form, idem=f"k{number}"))


def senders_of(lab, world, kind, payments=1):
    """Have so many payments to tell of, and nothing begun."""
    world.is_free = True
    for number in range(payments):
        confirm(lab, world, number)
    return Senders(world, kind())


async def turn(times=5):
    for _ in range(times):
        await asyncio.sleep(0)


@pytest.mark.parametrize("kind", [SlowCourier, QuickCourier])
def test_payments_are_told_of_together_and_one_payments_events_in_order(kind, lab, world):
    senders = senders_of(lab, world, kind, payments=3)
    courier = senders.courier

    async def play():
        senders.fill()
        await turn()
        first = list(courier.sent)
        courier.answers[0].set_result(None)
        await turn()
        return first, courier.sent[len(first) :]

    first, next_ones = asyncio.run(play())

    ids = [event["data"]["object"].get("payment_intent") or event["data"]["object"]["id"] for event in first]
    assert len(set(ids)) == 3 == len(ids)
    assert [event["type"] for event in first] == ["payment_intent.created"] * 3
    assert len(next_ones) == 1
    told_next = next_ones[0]["data"]["object"]
    assert ids[0] in (told_next["id"], told_next.get("payment_intent"))


@pytest.mark.parametrize("kind", [SlowCourier, QuickCourier])
def test_no_more_go_at_a_time_than_the_bound(kind, lab, world):
    senders = senders_of(lab, world, kind, payments=SENDERS_MAX + 4)
    courier = senders.courier

    async def play():
        senders.fill()
        await turn()
        await senders.stop()

    asyncio.run(play())

    assert len(courier.sent) == SENDERS_MAX
    assert senders.under_way == {}


@pytest.mark.parametrize("kind", [SlowCourier, QuickCourier])
def test_what_goes_wrong_with_a_delivery_is_raised_to_who_attends(kind, lab, world, monkeypatch):
    """A disk that is full must not be found out by silence."""
    senders = senders_of(lab, world, kind)
    courier = senders.courier

    def full(*_arguments, **_data):
        raise EnvironmentProblem("the disk is full")

    async def play():
        senders.fill()
        await turn()
        monkeypatch.setattr(type(world.journal), "note", full)
        courier.answers[0].set_result(None)
        await turn()
        senders.fill()

    with pytest.raises(EnvironmentProblem, match="the disk is full"):
        asyncio.run(play())


def test_an_answer_that_is_not_plain_is_read_on_and_counts_as_any_other(lab, world):
    senders = senders_of(lab, world, QuickCourier)
    courier = senders.courier

    async def play():
        senders.fill()
        told = len(courier.sent)
        courier.answers[0].be_read_on()
        waiting = list(senders.under_way)
        await turn()
        return told, waiting

    told, waiting = asyncio.run(play())

    assert (told, len(waiting)) == (1, 1), "the next event of this payment waits until the first one is read"
    assert lab.told(world, "webhook.answered")[0]["status"] == 200
    assert len(courier.sent) == 2


def test_what_is_on_its_way_without_a_task_is_given_up_as_well(lab, world):
    senders = senders_of(lab, world, QuickCourier)
    courier = senders.courier

    async def play():
        senders.fill()
        await senders.stop()

    asyncio.run(play())

    assert courier.answers[0].is_given_up
    assert senders.under_way == {}


@pytest.mark.parametrize("kind", [SlowCourier, QuickCourier])
def test_who_stops_at_once_leaves_nothing_behind_that_was_never_begun(kind, lab, world):
    senders = senders_of(lab, world, kind)
    courier = senders.courier

    async def play():
        senders.fill()
        for sent in courier.answers:
            sent.be_read_on()
        await senders.stop()

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        asyncio.run(play())
        gc.collect()

    assert [str(one.message) for one in said] == []
    assert senders.under_way == {}


def test_what_an_endpoint_that_was_disabled_is_not_told_does_not_keep_others_waiting(lab, world):
    senders = senders_of(lab, world, QuickCourier)
    waiting = len(world.outbox.items)
    world.disabled.add(None)

    senders.fill()

    assert (world.outbox.items, senders.under_way, senders.courier.sent) == ([], {}, [])
    assert [one["why"] for one in lab.told(world, "webhook.lost")] == ["disabled"] * waiting

"""Webhooks without a player: several payments are told of at a time, each payment's events in their order."""

import asyncio
import json

import pytest

from badgateway.errors import EnvironmentProblem
from badgateway.play.senders import SENDERS_MAX, Senders
from badgateway.webhooks.deliver import Receipt


class SlowCourier:
    """Answers a parcel only when it is told to."""

    def __init__(self):
        self.sent = []
        self.answers = []

    async def send(self, parcel):
        answer = asyncio.get_running_loop().create_future()
        self.sent.append(json.loads(parcel.body))
        self.answers.append(answer)
        await answer
        return Receipt(parcel.delivery, 200, 1.0)


def confirm(lab, world, number):
    form = lab.pay_form(world)
    form["metadata[copy]"] = str(number)
    lab.ask_now(world, lab.request("POST", "/v1/payment_intents", form, idem=f"k{number}"))


async def turn(times=5):
    for _ in range(times):
        await asyncio.sleep(0)


def test_payments_are_told_of_together_and_one_payments_events_in_order(lab, world):
    world.is_free = True
    for number in range(3):
        confirm(lab, world, number)
    courier = SlowCourier()
    senders = Senders(world, courier)

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


def test_no_more_go_at_a_time_than_the_bound(lab, world):
    world.is_free = True
    for number in range(SENDERS_MAX + 4):
        confirm(lab, world, number)
    courier = SlowCourier()
    senders = Senders(world, courier)

    async def play():
        senders.fill()
        await turn()
        await senders.stop()

    asyncio.run(play())

    assert len(courier.sent) == SENDERS_MAX
    assert senders.under_way == {}


def test_what_goes_wrong_with_a_delivery_is_raised_to_who_attends(lab, world, monkeypatch):
    """A disk that is full must not be found out by silence."""
    world.is_free = True
    confirm(lab, world, 1)
    courier = SlowCourier()
    senders = Senders(world, courier)

    def full(*_arguments, **_data):
        raise EnvironmentProblem("the disk is full")

    async def play():
        senders.fill()
        await turn()
        monkeypatch.setattr(type(world.journal), "write", full)
        courier.answers[0].set_result(None)
        await turn()
        senders.fill()

    with pytest.raises(EnvironmentProblem, match="the disk is full"):
        asyncio.run(play())

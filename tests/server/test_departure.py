"""Waiting that ends when the other side leaves."""

from __future__ import annotations

import asyncio

import pytest

from badgateway.server.departure import Departure


async def _granted(value, *, turns=0):
    for _ in range(turns):
        await asyncio.sleep(0)
    return value


def test_what_is_awaited_comes_through():
    async def main():
        departure = Departure(asyncio.get_running_loop())
        return await departure.or_result(_granted("at once")), await departure.or_result(
            _granted("later", turns=3)
        )

    assert asyncio.run(main()) == ("at once", "later")


def test_what_is_raised_comes_through():
    async def fail():
        await asyncio.sleep(0)
        raise KeyError("inside")

    async def main():
        await Departure(asyncio.get_running_loop()).or_result(fail())

    with pytest.raises(KeyError, match="inside"):
        asyncio.run(main())


def test_a_departure_before_the_wait_ends_it():
    async def main():
        loop = asyncio.get_running_loop()
        departure = Departure(loop)
        departure.happen()
        await _granted("the departure is long past", turns=3)
        with pytest.raises(asyncio.CancelledError):
            await departure.or_result(loop.create_future())
        return departure.happened.is_set()

    assert asyncio.run(main())


def test_a_departure_before_the_wait_does_not_take_what_is_granted_at_once():
    async def main():
        departure = Departure(asyncio.get_running_loop())
        departure.happen()
        return await departure.or_result(_granted("granted", turns=2))

    assert asyncio.run(main()) == "granted"


def test_a_departure_outside_a_wait_touches_nothing():
    async def main():
        departure = Departure(asyncio.get_running_loop())
        await departure.or_result(_granted(1))
        departure.happen()
        return await _granted("undisturbed", turns=5)

    assert asyncio.run(main()) == "undisturbed"


def test_what_is_awaited_may_clean_up_after_a_departure():
    tidied = []

    async def park():
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await asyncio.sleep(0)
            tidied.append("gate")

    async def main():
        loop = asyncio.get_running_loop()
        departure = Departure(loop)
        loop.call_soon(departure.happen)
        with pytest.raises(asyncio.CancelledError):
            await departure.or_result(park())

    asyncio.run(main())

    assert tidied == ["gate"]

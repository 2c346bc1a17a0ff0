"""A latch opens once, wakes all who wait, and forgets those who went away."""

import asyncio
import sys

from badgateway.ground.latch import Latch


def test_whoever_waits_goes_on_in_the_order_of_coming_when_it_opens():
    async def play():
        latch, through = Latch(), []

        async def pass_by(name):
            await latch.wait()
            through.append(name)

        waiting = [asyncio.ensure_future(pass_by(name)) for name in "abc"]
        await asyncio.sleep(0)
        before = list(through)
        latch.set()
        await asyncio.gather(*waiting)
        return before, through

    assert asyncio.run(play()) == ([], ["a", "b", "c"])


def test_an_open_one_holds_nobody_up():
    async def play():
        latch = Latch()
        latch.set()
        await asyncio.wait_for(latch.wait(), 5)
        return latch.is_set()

    assert asyncio.run(play())


def test_who_is_cancelled_waits_no_more_and_the_others_are_woken():
    async def play():
        latch = Latch()
        gone, stays = (asyncio.ensure_future(latch.wait()) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.wait([gone])
        latch.set()
        await stays
        return gone.cancelled(), latch.is_set()

    assert asyncio.run(play()) == (True, True)


def test_one_that_nobody_waits_for_costs_next_to_nothing():
    """Thousands of held calls have several each."""
    assert sys.getsizeof(Latch()) < 100
    assert not hasattr(Latch(), "__dict__")


def test_one_that_is_made_for_what_has_come_about_is_open():
    async def play():
        latch = Latch(is_open=True)
        await asyncio.wait_for(latch.wait(), 5)
        return latch.is_set()

    assert asyncio.run(play())

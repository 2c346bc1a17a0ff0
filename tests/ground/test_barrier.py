"""The barrier of a burst: all wait for the last one, and nobody for ever."""

import asyncio

from badgateway.ground.barrier import Barrier, held_back

FOR_EVER_MS = 600_000


async def pieces(body, barrier, out):
    async for piece in held_back(body, barrier):
        out.append(piece)
    barrier.leave()


def test_the_last_bytes_leave_when_every_member_has_only_its_last_byte_left():
    async def story():
        barrier, first, second = Barrier(2, FOR_EVER_MS), [], []
        one = asyncio.create_task(pieces(b"one", barrier, first))
        await asyncio.sleep(0)
        alone = list(first)
        await asyncio.gather(one, pieces(b"two", barrier, second))
        return barrier, alone, first, second

    barrier, alone, first, second = asyncio.run(story())

    assert alone == [b"on"]
    assert (first, second) == ([b"on", b"e"], [b"tw", b"o"])
    assert barrier.was_complete


def test_a_member_that_leaves_early_is_not_waited_for_and_makes_no_race():
    async def story():
        barrier, out = Barrier(2, FOR_EVER_MS), []
        barrier.leave()
        await pieces(b"one", barrier, out)
        return barrier, out

    barrier, out = asyncio.run(story())

    assert out == [b"on", b"e"]
    assert not barrier.was_complete


def test_the_cut_off_lets_go_of_who_waits_for_nobody():
    async def story():
        barrier, out = Barrier(2, 1), []
        await pieces(b"one", barrier, out)
        return barrier, out

    barrier, out = asyncio.run(story())

    assert out == [b"on", b"e"]
    assert not barrier.was_complete
    assert barrier.opened_ms > 0

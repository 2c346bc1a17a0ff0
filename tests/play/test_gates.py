"""Where calls park, and how it is known that nothing moves."""

import asyncio

from badgateway.play.gates import CALLS_MAX


def test_parked_calls_stand_in_the_same_order_whatever_order_they_came_in(lab):
    def arrivals(*names):
        world = lab.a_world(lab.a_plan(orders=(lab.order("o1"), lab.order("o2"))))
        board = lab.worlds_of(world)
        for name in names:
            board.arrive(lab.pay(world, name))
        return [call.order for call in world.gates.parked()]

    assert arrivals("o1", "o2") == arrivals("o2", "o1") == ["o1", "o2"]


def test_a_call_is_counted_from_its_arrival_to_its_end(lab, world):
    async def story():
        call = lab.worlds_of(world).arrive(lab.pay(world))
        seen = [(len(world.gates.parked()), world.gates.is_busy())]
        call.let_in()
        seen.append((len(world.gates.parked()), world.gates.is_busy()))
        call.finished(is_complete=True, bytes_sent=0)
        seen.append((len(world.gates.parked()), world.gates.is_busy()))
        return seen

    assert asyncio.run(story()) == [(1, False), (0, True), (0, False)]


def test_a_call_that_is_held_for_ever_keeps_nobody_waiting(lab):
    world = lab.a_world(lab.a_plan(faults=(lab.fault("o1.charge[1]", "after_commit", "hold"),)))
    world.is_free = True

    async def story():
        held = asyncio.ensure_future(lab.ask(lab.worlds_of(world), lab.pay(world)))
        await asyncio.sleep(0)
        seen = (len(world.gates.calls), world.gates.is_busy())
        held.cancel()
        await asyncio.wait([held])
        return seen

    assert asyncio.run(story()) == (1, False)


def test_waiting_ends_with_a_movement_with_a_task_or_with_the_time(lab, world):
    async def story():
        over = asyncio.get_running_loop().create_future()
        over.set_result(None)
        silence = await world.gates.changed([over], 1)
        asyncio.get_running_loop().call_soon(world.gates.note)
        movement = await world.gates.changed([], 5_000)
        ending = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(ending.set_result, None)
        task = await world.gates.changed([ending], 5_000)
        return silence, movement, task

    assert asyncio.run(story()) == (False, True, True)


def test_a_flood_of_calls_is_not_let_in_for_ever(lab, world):
    async def story():
        world.gates.arrived = CALLS_MAX - 1
        last = lab.worlds_of(world).arrive(lab.pay(world))
        seen = [world.gates.parked() == [last]]
        lab.worlds_of(world).arrive(lab.pay(world))
        return [*seen, world.gates.parked()]

    assert asyncio.run(story()) == [True, []]


def test_what_happened_before_somebody_waits_wakes_nobody_and_what_happens_wakes_all(lab, world):
    async def story():
        gates, loop = world.gates, asyncio.get_running_loop()
        gates.note()
        before = await gates.changed((), 1)
        waiting = [asyncio.ensure_future(gates.changed((), 5_000)) for _ in range(3)]
        await asyncio.sleep(0)
        lab.worlds_of(world).arrive(lab.pay(world))
        together = await asyncio.gather(*waiting)
        # At once, before whoever waits has had a turn.
        loop.call_soon(gates.note)
        return before, together, await gates.changed((), 5_000)

    assert asyncio.run(story()) == (False, [True] * 3, True)


def test_whoever_asks_late_what_a_call_has_come_to_waits_for_nothing(lab, world):
    async def story():
        call = lab.worlds_of(world).arrive(lab.pay(world))
        early, seen = call.at_exit, [call.at_exit.is_set(), call.settled.is_set()]
        call.let_in()
        call.let_out()
        await call.admit()
        await call.release(call.commit())
        seen += [early.is_set(), call.settled.is_set()]
        call.finished(is_complete=True, bytes_sent=0)
        await asyncio.wait_for(call.settled.wait(), 5)
        return [*seen, call.at_exit is early]

    assert asyncio.run(story()) == [False, False, True, False, True]

"""A world without a player: when it counts as being still."""

from badgateway.play.freeplay import LATE_AFTER_MS, Stillness


def test_it_is_still_when_nothing_has_happened_for_a_while(lab):
    world = lab.a_world()
    stillness = Stillness(world.clock.now_ms(), len(world.journal.entries))

    found = []
    for _ in range(2):
        found.append(stillness.lasts(world))
        world.clock.jump_to(world.clock.now_ms() + LATE_AFTER_MS)

    assert [*found, stillness.lasts(world)] == [False, True, True]


def test_whatever_happens_makes_it_wait_anew(lab):
    world = lab.a_world()
    stillness = Stillness(world.clock.now_ms(), len(world.journal.entries))
    world.clock.jump_to(world.clock.now_ms() + LATE_AFTER_MS)

    world.journal.write("run.phase", name="heal")

    assert not stillness.lasts(world)


def test_an_open_call_is_no_stillness(lab):
    world = lab.a_world()
    stillness = Stillness(world.clock.now_ms(), len(world.journal.entries))
    world.clock.jump_to(world.clock.now_ms() + LATE_AFTER_MS)

    world.gates.calls.append(object())

    assert not stillness.lasts(world)

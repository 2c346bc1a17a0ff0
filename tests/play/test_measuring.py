"""The integration's own counters and records are journalled as far as they are judged."""

import asyncio
from dataclasses import dataclass, field, replace

from badgateway.integration.model import Transition, ViewRead
from badgateway.integration.watch import Watch
from badgateway.play.measuring import measure, note_transitions


@dataclass
class Told:
    """What `measure` needs of a running integration."""

    description: object
    text: str | None
    watch: Watch = field(default_factory=Watch)

    async def look_around(self):
        return self.text


def read(lab, text, when="end", **counters):
    world, description = lab.a_world(), replace(lab.describe(), counters=counters)
    asyncio.run(measure(world, Told(description, text), when))
    return lab.told(world, "telemetry.read")


def test_declared_counters_are_read(lab):
    (told,) = read(lab, 'pay_total{r="ok"} 3\npay_total{r="no"} 2\n', succeeded='pay_total{r="ok"}')

    assert (told["counters"], told["problem"], told["is_alone"]) == ({"succeeded": 3.0}, None, True)


def test_a_page_that_cannot_be_read_is_no_count_of_nought(lab):
    (gone,), (odd,) = read(lab, None, succeeded="a"), read(lab, "<html>", succeeded="a")

    assert gone["counters"] == odd["counters"] == {}
    assert gone["problem"] == "the metrics could not be read"
    assert odd["problem"] == "line 1 of the metrics is no sample"


def test_without_declared_counters_nothing_is_journalled(lab):
    assert read(lab, "up 1") == []


def test_transitions_are_counted_and_not_told(lab):
    world = lab.a_world()
    records = (Transition("c1", "shopper", "PENDING"), Transition("", "", "PAID"))

    note_transitions(world, "o1", ViewRead("PAID", "paid", transitions=records))
    note_transitions(world, "o1", ViewRead("PAID", "paid"))

    (told,) = lab.told(world, "telemetry.transitions")
    assert (told["reported"], told["without_correlation"], told["without_actor"]) == (2, 1, 1)
    assert (told["actors"], told["last"], told["shown"]) == (["shopper"], "PAID", "paid")


def test_two_plays_at_once_are_not_alone_until_all_are_over():
    watch = Watch()

    watch.begin()
    alone = [watch.is_alone]
    watch.begin()
    watch.end()
    alone.append(watch.is_alone)
    watch.end()
    watch.begin()

    assert [*alone, watch.is_alone] == [True, False, True]

"""Without a player, the story's orders are taken one after the other by the purchases that come."""

import pytest

from badgateway.ground.records import changed
from badgateway.play.claiming import claim
from badgateway.providers.base import Parsed

PURCHASE = Parsed("charge", None, "f", None)


@pytest.fixture
def free(lab):
    world = lab.a_world(lab.a_plan(orders=(lab.order("o1"), lab.order("o2"))))
    world.is_free = True
    return world


def test_each_new_purchase_is_the_next_order_until_there_is_none(free):
    purchases = [changed(PURCHASE, key=f"k{n}") for n in range(3)]

    assert [claim(free, one) for one in purchases] == ["o1", "o2", None]


@pytest.mark.parametrize("mark", [{"key": "k1"}, {"hints": ("order 7", "ann@example.com")}])
def test_the_same_purchase_stays_the_same_order(free, mark):
    claim(free, changed(PURCHASE, **mark))

    assert claim(free, changed(PURCHASE, **mark)) == "o1"


def test_another_key_for_the_same_texts_is_another_try_for_the_same_order(free):
    claim(free, changed(PURCHASE, key="k1", hints=("order 7",)))

    assert claim(free, changed(PURCHASE, key="k2", hints=("order 7",))) == "o1"
    assert claim(free, changed(PURCHASE, key="k3", hints=("order 8",))) == "o2"


@pytest.mark.parametrize("op", ["fetch", "list", "refund", None])
def test_only_purchases_claim_an_order(free, op):
    assert claim(free, changed(PURCHASE, op=op, key="k1")) is None


def test_with_a_player_the_references_say_which_order_it_is(free):
    free.is_free = False

    assert claim(free, changed(PURCHASE, key="k1")) is None

"""An order is found by what belongs to it, as quickly among thousands as among two."""

from __future__ import annotations

import pytest

from badgateway.ground.attic import Attic
from badgateway.ground.chronicle import BATCH
from badgateway.ground.ids import Ids
from badgateway.play.dossier import Dossiers, named_in

ORDERS = 3000


class Asked(dict):
    """A mapping that counts how often it was looked into."""

    looks = 0

    def __contains__(self, key):
        self.looks += 1
        return super().__contains__(key)

    def __iter__(self):
        raise AssertionError("nobody goes through all orders")


@pytest.fixture
def dossiers():
    """Give the dossiers of many orders, most of which are in the attic."""
    attic = Attic(keep=4)
    dossiers = Dossiers(attic)
    for n in range(ORDERS):
        dossiers.own(f"pi_{n}", f"o{n}")
        dossiers.own(f"ch_{n}", f"o{n}")
        dossiers.count(f"o{n}", "charge")
    assert attic.is_used
    yield dossiers
    attic.close()


def test_an_old_order_is_remembered_with_all_that_is_its_own(dossiers):
    assert dossiers.owner("ch_7") == "o7"
    assert dossiers.owned("o7") == ("pi_7", "ch_7")
    assert (dossiers.count("o7", "charge"), dossiers.count("o7", "refund")) == (2, 1)
    assert dossiers.counted("o7", "charge") == 2


def test_what_was_counted_long_ago_is_counted_on_after_it_went_to_the_attic_again(dossiers):
    dossiers.count("o7", "charge")
    for n in range(2 * BATCH):
        dossiers.count(f"more{n}", "charge")

    assert dossiers.count("o7", "charge") == 3


def test_an_object_is_of_the_order_that_took_it_last(dossiers):
    dossiers.own("pi_7", "o8")

    assert dossiers.owned("o7") == ("ch_7",)
    assert dossiers.owned("o8") == ("pi_8", "ch_8", "pi_7")


def test_a_reference_is_found_in_a_text_without_going_through_the_orders():
    ids = Ids(1, "n")
    orders = Asked({ids.reference(f"o{n}"): f"o{n}" for n in range(ORDERS)})
    wanted = ids.reference("o2999")

    found = named_in(["nothing", f"order:{wanted}/1 of foo"], orders)

    assert found == wanted
    assert orders.looks < 10


@pytest.mark.parametrize("number", [2, 200])
def test_few_and_many_orders_are_found_alike(number):
    ids = Ids(1, "n")
    orders = {ids.reference(f"o{n}"): f"o{n}" for n in range(number)}
    first, last = ids.reference("o0"), ids.reference(f"o{number - 1}")

    assert named_in([f"foo{last}", first], orders) == last
    assert named_in(["foo", f"{first}foo"], orders) == first
    assert named_in(["foo", first[:-1]], orders) is None


def test_two_counts_at_once_are_those_of_one_after_the_other(dossiers):
    assert [dossiers.count_each("o7", "charge", "charge at stripe") for _ in range(2)] == [[2, 1], [3, 2]]
    assert dossiers.count("o7", "charge at stripe") == 3
    assert dossiers.counted("o7", "charge") == 3


@pytest.mark.parametrize("order", [None, "o7", "o2999", "a new one"])
def test_several_things_are_counted_as_each_by_itself(dossiers, order):
    names = ("event a", "event a at p", "type a at p")
    counted = [[dossiers.count(order, name) for name in names], dossiers.count_each(order, *names)]

    assert counted == [[1, 1, 1], [2, 2, 2]]
    assert dossiers.count_each(order, *names[:2]) == [3, 3]
    assert [dossiers.counted(order, name) for name in names] == [3, 3, 2]


def test_what_is_about_no_order_is_of_none(dossiers):
    dossiers.count(None, "list")

    assert dossiers.counted("o1", "list") == 0
    assert dossiers.owned(None) == ()

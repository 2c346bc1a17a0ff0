"""The cards of the sorting office keep its README: what is filed, believed, and never done twice."""

from __future__ import annotations

import importlib.util
from contextlib import closing
from pathlib import Path

import pytest

FILE = Path(__file__).parent / "sortingoffice" / "cards.py"


@pytest.fixture(scope="module")
def module():
    spec = importlib.util.spec_from_file_location("cards_of_the_sorting_office", FILE)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture
def cards(module, tmp_path):
    """Give an office with one parcel of 50.00 EUR whose charge is filed."""
    made = module.Cards(str(tmp_path / "office.sqlite"))
    with closing(made.db):
        made.make("p1", 5000, "EUR", "now")
        made.charge("p1", "pm_card_visa", "https://parcels.example/back")
        yield made


def slip(cards, what="charge"):
    return next(one for one in cards.all("select * from slips order by id desc") if one["what"] == what)


def shown(cards, status="succeeded", id_="pi_1", **changes):
    """Write down a look at an intent of the filed charge."""
    intent = {
        "id": id_,
        "status": status,
        "amount": 5000,
        "currency": "eur",
        "created": 1,
        "metadata": {"parcel": "p1", "slip": slip(cards)["mark"]},
    }
    charge = {"id": "ch_1", "status": changes.pop("charge", "succeeded")}
    charge |= {"amount_captured": 5000, "currency": "eur"}
    cards.all("insert or ignore into intents (id) values (?)", id_)
    refunds = changes.pop("refunds", [])
    disputes = changes.pop("disputes", [])
    cards.write(intent, ({**charge, **changes} if status == "succeeded" else {}), refunds, disputes)


def stage(cards):
    return cards.card("p1")["stage"]


def test_a_filed_charge_is_filed_once_however_often_it_is_asked_for(cards):
    cards.charge("p1", "pm_card_visa", "https://parcels.example/back")

    assert stage(cards) == "filed"
    assert len(cards.all("select * from slips")) == 1


def test_a_look_decides_and_a_paid_parcel_is_shipped_once(cards):
    shown(cards)
    shown(cards)

    card = cards.card("p1")

    assert (card["stage"], card["taken"], card["shipped"]) == ("paid", 5000, 1)


def test_a_charge_that_is_seen_is_not_sent_again(cards):
    shown(cards)

    cards.renew(slip(cards)["id"], "another key")

    assert slip(cards)["state"] == "done"
    assert slip(cards)["key"] != "another key"
    assert cards.slips(is_round=True) == []


def test_only_as_many_looks_as_a_list_may_be_behind_prove_that_there_is_nothing(module, cards):
    enough = [cards.missed(slip(cards)["id"]) for _ in range(module.LOOKS_MIN)]

    assert enough == [False] * (module.LOOKS_MIN - 1) + [True]


def test_an_older_look_takes_nothing_back(cards):
    shown(cards)

    shown(cards, "requires_payment_method")

    assert (stage(cards), cards.card("p1")["taken"]) == ("paid", 5000)


def test_what_the_very_charge_shows_as_failed_is_taken_back(cards):
    shown(cards)

    shown(cards, charge="failed")

    assert cards.card("p1")["taken"] == 0
    assert stage(cards) == "declined"


@pytest.mark.parametrize("changes", [{"currency": "usd"}, {"amount_captured": 500}])
def test_money_that_is_not_what_was_asked_for_goes_to_the_desk(cards, changes):
    shown(cards, **changes)

    assert stage(cards) == "desk"
    assert cards.card("p1")["shipped"] == 0


def test_credits_never_exceed_what_was_taken(module, cards):
    shown(cards)
    cards.credit("p1", 3000, "n1")
    cards.credit("p1", 3000, "n1")

    with pytest.raises(module.Refused) as refusal:
        cards.credit("p1", 2001, "n2")

    assert refusal.value.status == 409
    assert len([one for one in cards.all("select * from slips") if one["what"] == "credit"]) == 1


def test_what_is_filed_is_looked_at_however_many_rounds_it_takes(module, cards):
    shown(cards, "requires_confirmation")
    for _ in range(module.ROUNDS_AFTER + 1):
        cards.looked("pi_1")

    assert cards.to_look_at(is_round=True) == ["pi_1"]


def test_a_dispute_is_a_chargeback_until_it_is_won(cards):
    shown(cards, disputes=[{"id": "du_1", "status": "needs_response"}])
    disputed = stage(cards)

    shown(cards, disputes=[{"id": "du_1", "status": "won"}])

    assert (disputed, stage(cards)) == ("chargeback", "paid")


def test_a_stop_credits_what_was_paid_in_between(cards):
    cards.take(slip(cards)["id"])
    cards.stop("p1")

    shown(cards)

    assert slip(cards, "credit")["cents"] == 5000
    assert cards.card("p1")["shipped"] == 0


def test_a_charge_that_was_never_sent_is_stopped_for_good(module, cards):
    cards.stop("p1")

    assert cards.slips(is_round=True) == []
    assert stage(cards) == "stopped"
    with pytest.raises(module.Refused):
        cards.charge("p1", "pm_card_visa", "https://parcels.example/back")

"""The cards of the sorting office keep its README: what is filed, believed, and never done twice."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
import time
from contextlib import closing
from email.utils import formatdate
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "sortingoffice"


def load(name):
    spec = importlib.util.spec_from_file_location(f"{name}_of_the_sorting_office", FOLDER / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def module():
    return load("cards")


@pytest.fixture
def office(module, cards, monkeypatch):
    """Give the module of the worker, and a worker with nobody to ask."""
    monkeypatch.setitem(sys.modules, "cards", module)
    made = load("office")
    return made, made.Office(cards, "https://stripe.example", "sk_test", 150, 400)


class Answers:
    """What Stripe answers to each call in turn: status, text and headers; and what it was asked."""

    def __init__(self, *answers):
        self.answers, self.keys = list(answers), []

    def request(self, _method, _url, headers, **_):
        self.keys.append(headers.get("Idempotency-Key"))
        return self

    async def __aenter__(self):
        self.status, self.text, self.headers = self.answers.pop(0)
        return self

    async def __aexit__(self, *_):
        return None

    async def read(self):
        return self.text.encode()


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


@pytest.mark.parametrize("told", [None, "pi_1"])
def test_only_an_answer_that_names_its_intent_ends_a_charge(cards, office, told):
    _, worker = office
    said = json.dumps({"object": "payment_intent", "status": "succeeded", "id": told})
    worker.session = Answers((200, said, {}), (404, '{"error": {}}', {}))

    asyncio.run(worker.carry(slip(cards)))

    assert stage(cards) == "filed"
    assert slip(cards)["state"] == ("done" if told else "open")
    assert slip(cards)["key"] == worker.session.keys[0]


def test_a_charge_whose_answer_named_no_intent_is_ended_by_a_look(cards, office):
    _, worker = office
    worker.session = Answers((200, '{"object": "payment_intent", "status": "succeeded"}', {}))
    asyncio.run(worker.carry(slip(cards)))

    shown(cards)

    assert (stage(cards), slip(cards)["state"]) == ("paid", "done")


@pytest.mark.parametrize("status", [429, 502, 503])
@pytest.mark.parametrize(("is_date", "least_s"), [(False, 9.5), (True, 8.5)])
def test_a_page_that_is_no_answer_may_ask_to_wait_too(cards, office, status, is_date, least_s):
    _, worker = office
    since = time.time()
    when = formatdate(since + 10, usegmt=True) if is_date else "10"
    worker.session = Answers((status, "<html></html>", {"Retry-After": when}))

    asyncio.run(worker.carry(slip(cards)))

    assert least_s < slip(cards)["not_before"] - since < 11
    assert (stage(cards), cards.slips(is_round=True)) == ("filed", [])


@pytest.mark.parametrize("when", ["", "soon", "-5", "Mon, 32 Foo 2024 25:00:00 GMT", formatdate(0)])
def test_what_asks_for_no_time_is_no_wait(office, when):
    module, _ = office

    assert module.seconds(when) == 0.0


@pytest.mark.parametrize("changes", [{"currency": "usd"}, {"amount_captured": 500}])
def test_money_that_is_not_what_was_asked_for_goes_to_the_desk(cards, changes):
    shown(cards, **changes)

    assert stage(cards) == "desk"
    assert cards.card("p1")["shipped"] == 0


def test_a_hold_in_another_currency_goes_to_the_desk_and_is_not_taken(module, tmp_path):
    cards = module.Cards(str(tmp_path / "held.sqlite"))
    with closing(cards.db):
        cards.make("p1", 5000, "EUR", "on_dispatch")
        cards.charge("p1", "pm_card_visa", "https://parcels.example/back")
        held = {"amount": 5000, "amount_capturable": 5000, "created": 1, "id": "pi_1", "currency": "usd"}
        meta = {"parcel": "p1", "slip": slip(cards)["mark"]}
        cards.all("insert into intents (id) values ('pi_1')")
        cards.write({**held, "status": "requires_capture", "metadata": meta}, {}, [], [])

        with pytest.raises(module.Refused):
            cards.dispatch("p1", 5000)

        assert stage(cards) == "desk"


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


@pytest.mark.parametrize(
    ("later", "end"),
    [
        ("warning_closed", "paid"),
        ("won", "paid"),
        ("lost", "chargeback"),
        ("needs_response", "chargeback"),
    ],
)
def test_an_inquiry_that_is_closed_is_over_unless_it_becomes_a_dispute(cards, later, end):
    shown(cards, disputes=[{"id": "du_1", "status": "warning_needs_response"}])
    shown(cards, disputes=[{"id": "du_1", "status": "warning_closed"}])
    shown(cards, disputes=[{"id": "du_1", "status": "warning_under_review"}])
    closed = stage(cards)

    shown(cards, disputes=[{"id": "du_1", "status": later}])

    assert (closed, stage(cards)) == ("paid", end)


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

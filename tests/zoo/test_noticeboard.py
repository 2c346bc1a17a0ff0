"""The noticeboard keeps its README: facts in any order, wishes until they are fulfilled, one issue."""

from __future__ import annotations

import importlib.util
import itertools
from contextlib import closing
from pathlib import Path

import pytest

FILE = Path(__file__).parent / "noticeboard" / "board.py"


@pytest.fixture(scope="module")
def module():
    spec = importlib.util.spec_from_file_location("board_of_the_noticeboard", FILE)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture
def file(tmp_path):
    return tmp_path / "board.jsonl"


@pytest.fixture
def board(module, file):
    """Give a board with one ticket of 50.00 EUR and the wish to be paid for it."""
    made = module.Board(file)
    with closing(made.file):
        made.post({"kind": "ticket", "ref": "t1", "minor": 5000, "currency": "EUR", "hold": "automatic"})
        made.wish("t1", "pay", "/v1/payment_intents", {"amount": 5000}, name="w1")
        yield made


def intent(status="succeeded", **changes):
    shown = {"id": "pi_1", "object": "payment_intent", "status": status, "created": 1, "currency": "eur"}
    metadata = {"wish": "w1", "ticket": "t1"}
    return event({**shown, "amount_capturable": 0, "metadata": metadata, **changes})


def charge(status="succeeded", captured=5000, currency="eur"):
    shown = {"id": "ch_1", "object": "charge", "payment_intent": "pi_1", "status": status}
    return event({**shown, "amount_captured": captured, "currency": currency})


def refund(status="succeeded", amount=2000):
    shown = {"id": "re_1", "object": "refund", "payment_intent": "pi_1", "charge": "ch_1", "status": status}
    return event({**shown, "amount": amount, "currency": "eur", "metadata": {}})


def dispute(status, id_="du_1"):
    shown = {"id": id_, "object": "dispute", "payment_intent": "pi_1", "charge": "ch_1", "status": status}
    return event(shown)


def event(shown):
    return {"type": "something.happened", "data": {"object": shown}}


STORY = (intent("processing"), intent(), charge(), refund())


@pytest.mark.parametrize("order", [*itertools.permutations(range(len(STORY)))])
def test_notices_in_any_order_and_twice_amount_to_the_same(board, order):
    for n in (*order, *order):
        board.notice(STORY[n])

    state = board.state("t1")

    assert (state["state"], state["taken"], state["back"]) == ("part_returned", 5000, 2000)


def test_a_ticket_is_issued_once_when_it_is_first_shown_sold(board):
    for told in (intent(), charge(), charge()):
        board.notice(told)

    assert (board.state("t1")["state"], board.state("t1")["issued"]) == ("sold", 1)


def test_a_board_that_is_opened_again_says_the_same(module, board, file):
    for told in STORY:
        board.notice(told)
    with file.open("a") as half:
        half.write('{"kind": "object", "id": "pi_')

    again = module.Board(file)

    with closing(again.file):
        assert again.state("t1") == board.state("t1")


def test_a_wish_is_owed_until_the_board_shows_what_came_of_it(board):
    owed = [one["name"] for one in board.owed(0)]

    board.notice(intent("processing"))

    assert (owed, board.owed(0)) == (["w1"], [])


def test_a_wish_that_was_sent_often_enough_is_for_a_human(module, board):
    for _ in range(module.TIMES_MAX):
        board.post({"kind": "sent", "name": "w1"})

    assert board.owed(0) == []
    assert board.state("t1")["state"] == "ask_a_human"


def test_a_key_is_spent_after_two_failures_and_not_after_one(board):
    first = board.wishes["w1"]["key"]
    board.post({"kind": "failed", "name": "w1"})
    board.renew()
    kept = board.wishes["w1"]["key"]
    board.post({"kind": "failed", "name": "w1"})

    board.renew()

    assert kept == first
    assert board.wishes["w1"]["key"] != first


@pytest.mark.parametrize("told", [charge(currency="usd"), charge(captured=500), charge(captured=10_000)])
def test_money_other_than_agreed_goes_to_a_human(board, told):
    board.notice(intent())

    board.notice(told)

    assert (board.state("t1")["state"], board.state("t1")["issued"]) == ("ask_a_human", 0)


def test_a_dispute_contests_the_ticket_until_it_is_won(board):
    for told in (intent(), charge(), dispute("needs_response")):
        board.notice(told)
    contested = board.state("t1")["state"]

    board.notice(dispute("won"))

    assert (contested, board.state("t1")["state"]) == ("contested", "sold")


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_an_inquiry_contests_the_ticket_until_it_is_closed(board, order):
    for told in (intent(), charge(), dispute("warning_needs_response")):
        board.notice(told)
    contested = board.state("t1")["state"]

    stages = ("warning_needs_response", "warning_under_review", "warning_closed")
    for n in order:
        board.notice(dispute(stages[n]))

    assert (contested, board.state("t1")["state"]) == ("contested", "sold")


def test_an_inquiry_that_became_a_chargeback_contests_the_ticket_further(board):
    for told in (intent(), charge(), dispute("warning_closed"), dispute("needs_response", "du_2")):
        board.notice(told)

    assert board.state("t1")["state"] == "contested"


@pytest.mark.parametrize(
    ("currency", "held", "state"),
    [("eur", 5000, "held"), ("eur", 500, "ask_a_human"), ("usd", 5000, "ask_a_human")],
)
def test_a_hold_other_than_agreed_goes_to_a_human(board, currency, held, state):
    board.notice(intent("requires_capture", amount_capturable=held, currency=currency))

    assert board.state("t1")["state"] == state


def test_what_is_withdrawn_is_never_issued(board):
    board.post({"kind": "withdrawn", "ref": "t1"})

    for told in (intent(), charge()):
        board.notice(told)

    assert board.state("t1")["issued"] == 0


@pytest.mark.parametrize("nonsense", [{}, {"type": "x", "data": {}}, {"type": "x", "data": {"object": 1}}])
def test_what_is_no_event_is_refused(module, board, nonsense):
    with pytest.raises(module.No) as refusal:
        board.notice(nonsense)

    assert refusal.value.status == 400

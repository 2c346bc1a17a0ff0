"""The issuer's script of an order: an answer for each charge, none used up by what never came to it."""

import asyncio

import pytest

from badgateway.ground.records import changed
from badgateway.payments.decisions import SCRIPT, scripted
from badgateway.scenario.language import SCRIPT as WORDS


def statuses(lab, script, *asked):
    """Charge an order again and again, and give what became of each charge."""
    plan = lab.a_plan(orders=(lab.order(script=script),))
    world = lab.a_world(plan)
    world.is_free = True

    async def play():
        told = [await lab.ask(lab.worlds_of(world), lab.pay(world, **more)) for more in asked]
        return [one.body.get("status") or one.body["error"].get("decline_code") for one in told]

    return asyncio.run(play()), world


def test_each_charge_has_the_next_answer_and_then_the_cards_own(lab):
    found, _ = statuses(lab, ("soft", "hard", "later", "approve"), {}, {}, {}, {}, {"card": "pm_card_visa"})

    assert found == ["insufficient_funds", "stolen_card", "processing", "succeeded", "succeeded"]


def test_a_repeated_request_uses_up_no_answer(lab):
    found, _ = statuses(lab, ("soft", "approve"), {"idem": "k1"}, {"idem": "k1"}, {"idem": "k2"})

    assert found == ["insufficient_funds", "insufficient_funds", "succeeded"]


def test_a_request_that_never_comes_to_the_issuer_uses_up_no_answer(lab):
    found, _ = statuses(lab, ("soft",), {"amount": "0"}, {})

    assert found[1] == "insufficient_funds"


def test_a_part_is_half_of_what_was_asked_for(lab):
    _, world = statuses(lab, ("partial",), {})

    assert [one.captured_minor for one in world.account.book.payments()] == [2_499]
    assert scripted("partial", 1).approved_minor == 1


def test_the_language_has_the_words_of_the_gateway():
    assert tuple(SCRIPT) == WORDS


@pytest.mark.parametrize("word", WORDS)
def test_no_word_decides_as_another(word):
    others = [scripted(one, 100) for one in WORDS if one != word]

    assert changed(scripted(word, 100)) not in others

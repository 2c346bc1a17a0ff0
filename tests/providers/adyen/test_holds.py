"""How long money is held, by scheme and by what it was asked for as."""

import pytest

DAY_MS = 86_400_000
MASTERCARD = {"card": {"number": "5555 5555 5555 4444"}}
PRE = {"extra": {"authorisationType": "PreAuth"}}


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ({}, 10),
        ({"shopperInteraction": "ContAuth"}, 5),
        (PRE, 10),
        (MASTERCARD, 7),
        ({**MASTERCARD, **PRE}, 30),
        ({"card": {"number": "370000000000002", "cvc": "7373"}}, 7),
        ({"card": {"number": "6011601160116611"}}, 10),
        ({"card": {"number": "36006666333344"}}, 28),
    ],
)
def test_a_hold_lasts_as_long_as_its_scheme_and_its_kind_say(paid, account, asked, days):
    """A second before the end it stands, and then EXPIRE is told."""
    psp = paid(manual=True, **asked)["pspReference"]
    account.told.clear()

    account.clock.advance(days * DAY_MS - 1000)
    account.book.run_due()
    account.tell()
    before = account.codes()
    account.clock.advance(1000)
    account.book.run_due()
    account.tell()

    assert (before, account.codes()) == ([], [("EXPIRE", "true")])
    assert account.book.payment(psp).held_minor == 0


def test_what_is_captured_at_once_lapses_never(paid, account):
    """A window is one of holds alone."""
    paid()
    account.told.clear()

    account.clock.advance(60 * DAY_MS)
    account.book.run_due()
    account.tell()

    assert account.codes() == []


def test_a_raised_hold_lasts_no_longer(paid, ask, account):
    """More is held; the day on which it lapses is the first one's."""
    psp = paid(manual=True, **MASTERCARD)["pspReference"]
    until_ms = account.book.payment(psp).held_until_ms

    account.clock.advance(DAY_MS)
    ask(f"/payments/{psp}/amountUpdates", {"amount": {"currency": "EUR", "value": 1500}, "reference": "more"})

    assert account.book.payment(psp).held_minor == 1500
    assert account.book.payment(psp).held_until_ms == until_ms

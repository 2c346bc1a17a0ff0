"""Bank accounts that can be debited: Stripe's test numbers, and what each stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from badgateway.providers.stripe.cards import ACCOUNTS, Card

SEPA, ACH = "sepa_debit", "us_bank_account"
NOBODYS, NO_IBAN = "an account of nobody", "no account"  # stand for numbers of no test account
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
# Ending of a debit -> neutral card word, and why it is disputed. Source: Stripe's page on SEPA Direct Debit.
_ENDINGS: tuple[tuple[str, str, str | None], ...] = (
    ("success", "bank_debit", None),
    ("successDelayed", "pending_then_succeeds", None),
    ("failed", "pending_then_fails", None),
    ("failedDelayed", "pending_then_fails", None),
    ("disputed", "bank_debit", "debit_not_authorized"),
    ("insufficientFunds", "bank_debit_no_funds", None),
)
# Of each country one number for each ending, in that order.
_NUMBERS = {
    "at": "AT611904300234573201 AT321904300235473204 AT861904300235473202 AT051904300235473205 "
    "AT591904300235473203 AT981904300002222227",
    "de": "DE89370400440532013000 DE08370400440532013003 DE62370400440532013001 DE78370400440532013004 "
    "DE35370400440532013002 DE65370400440002222227",
    "ie": "IE29AIBK93115212345678 IE24AIBK93115212345671 IE02AIBK93115212345679 IE94AIBK93115212345672 "
    "IE51AIBK93115212345670 IE10AIBK93115202222227",
    "lu": "LU280019400644750000 LU440019400644750003 LU980019400644750001 LU170019400644750004 "
    "LU710019400644750002 LU900010000002222227",
    "nl": "NL39RABO0300065264 NL55RABO0300065267 NL91ABNA0417164300 NL28RABO0300065268 "
    "NL82RABO0300065266 NL27RABO0002222227",
}
EURO_ACCOUNTS: Mapping[str, Card] = MappingProxyType(
    {
        f"pm_{ending}_{country}": Card(
            f"pm_{ending}_{country}", word, number, country.upper(), "", SEPA, setup="approved", disputed=why
        )
        for country, numbers in _NUMBERS.items()
        for number, (ending, word, why) in zip(numbers.split(), _ENDINGS, strict=True)
    }
)
_BY_IBAN = {card.number: card.token for card in EURO_ACCOUNTS.values()}


def account_stand_in(number: str) -> str:
    """Give the token of a test account's number, or what stands for a number of none."""
    return ACCOUNTS.get(number, NOBODYS)


def iban_stand_in(iban: str) -> str:
    """Give the token of a test account's IBAN, or what stands for one of none or for no IBAN at all."""
    written = iban.replace(" ", "").upper()
    return _BY_IBAN.get(written) or (NOBODYS if _is_iban(written) else NO_IBAN)


def _is_iban(written: str) -> bool:
    """Say whether the check digits of an IBAN are right. Source: ISO 13616."""
    if not _IBAN.fullmatch(written):
        return False
    return int("".join(str(int(letter, 36)) for letter in written[4:] + written[:4])) % 97 == 1

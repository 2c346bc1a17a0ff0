"""What the seed chooses while a plan is compiled: currency, amounts, shoppers and the interleaving."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from badgateway.ground.chance import digest, stream
from badgateway.ground.money import exponent

if TYPE_CHECKING:
    from faker import Faker

# One class for each way of getting minor units wrong: two decimals, none, three.
CURRENCIES = (("EUR", "USD", "GBP"), ("JPY",), ("KWD",))
# Cents of amounts that lose one when somebody multiplies them as binary floats.
_AWKWARD = (820, 435, 110, 1999, 2949, 5710, 113)
_DOMAINS = ("example.com", "example.net", "example.org")  # RFC 2606, section 3: nobody's mail
_INTERLEAVINGS = 720  # 6!, as many as the outbox tells apart at one commit
_faker_in_use = threading.Lock()


def draw_currency(*name: object, among: Sequence[str] = ()) -> str:
    """Choose a currency, one class as likely as another; `among` are the ones to choose from, if not all."""
    chance = stream(0, "currency", *name)
    drawn = chance.choice(chance.choice(CURRENCIES))
    return chance.choice(tuple(among)) if among and drawn not in among else drawn


def least_minor(currency: str) -> int:
    """Give the smallest amount that providers take: one unit, a hundred where there are no decimals."""
    return int(10 ** max(2, exponent(currency)))


def draw_amount(currency: str, at_least: int, *name: object) -> int:
    """Choose an agreed amount in minor units, not less than what the story takes back of it."""
    chance = stream(0, "amount", *name)
    least = max(at_least, least_minor(currency))
    if exponent(currency) == 2 and chance.random() < 0.5:
        fitting = [amount for amount in _AWKWARD if amount >= least]
        if fitting:
            return chance.choice(fitting)
    drawn = chance.randint(least, least * 500)
    # Card schemes settle three-decimal currencies in hundredths, so that the last digit is always 0.
    return -(-drawn // 10) * 10 if exponent(currency) == 3 else drawn


def draw_shopper(*name: object) -> Mapping[str, str]:
    """Choose a name and an e-mail address that reaches nobody."""
    full, domain = _shopper(digest("shopper", *name))
    plain = unicodedata.normalize("NFKD", full).encode("ascii", "ignore").decode().lower()
    return {"name": full, "email": f"{'.'.join(re.findall('[a-z]+', plain))}@{domain}"}


def interleaving(seed: int, *name: object) -> int:
    """Give which legal interleaving is played; consecutive seeds give consecutive ones."""
    return digest("interleaving", *name) % _INTERLEAVINGS + seed


@lru_cache(maxsize=1024)
def _shopper(number: int) -> tuple[str, str]:
    # Seeding and drawing are two steps of one shared instance.
    with _faker_in_use:
        faker = _faker()
        faker.seed_instance(number)
        return f"{faker.first_name()} {faker.last_name()}", _DOMAINS[number % len(_DOMAINS)]


@cache
def _faker() -> Faker:
    # Faker loads its providers for a third of a second, which `list` and `check` need not wait for.
    from faker import Faker  # noqa: PLC0415 - see above

    return Faker("en_US")

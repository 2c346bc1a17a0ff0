"""The simulated providers: one dialect, one folder; each is loaded when somebody first asks for it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from badgateway.ground.catalogue import Catalogue
from badgateway.providers.declared.files import SHIPPED_FILES, name_of

if TYPE_CHECKING:
    from badgateway.providers.base import Dialect
    from badgateway.providers.declared.dialect import Declared


def _stripe() -> Dialect:
    from badgateway.providers.stripe.dialect import Stripe  # noqa: PLC0415 - most processes need one dialect

    return Stripe()


def _adyen() -> Dialect:
    from badgateway.providers.adyen.dialect import Adyen  # noqa: PLC0415 - most processes need one dialect

    return Adyen()


def _euler() -> Dialect:
    from badgateway.providers.euler.dialect import Euler  # noqa: PLC0415 - most processes need one dialect

    return Euler()


def _declared(path: Path, name: str | None = None) -> Declared:
    """Give a provider that is described in a file; the file is read when it is first asked something."""
    from badgateway.providers.declared.dialect import Declared  # noqa: PLC0415 - most processes need none

    return Declared(path, name)


DIALECTS: Catalogue[Dialect] = Catalogue(
    "provider",
    later={
        "stripe": _stripe,
        "adyen": _adyen,
        "euler": _euler,
        **{name_of(path): partial(_declared, path) for path in SHIPPED_FILES},
    },
)


def declare(path: Path, name: str | None = None) -> Declared:
    """Add the provider of a user's own file, under its own name or another; raises InputError.

    The same file once more adds nothing.
    """
    from badgateway.providers.declared.dialect import Declared  # noqa: PLC0415 - most processes need none
    from badgateway.providers.declared.read import read_spec  # noqa: PLC0415 - most processes need none

    made = Declared(path, name or read_spec(path).name)
    if made.name in DIALECTS:
        known = DIALECTS[made.name]
        if isinstance(known, Declared) and known.is_same(made):
            return known
    made.spec  # noqa: B018 - read at once, so that its problems are told before anything is played
    DIALECTS.add(made)
    return made

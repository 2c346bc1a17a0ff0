"""The simulated providers: one dialect, one folder."""

from __future__ import annotations

from pathlib import Path

from badgateway.ground.catalogue import Catalogue
from badgateway.providers.adyen.dialect import Adyen
from badgateway.providers.base import Dialect
from badgateway.providers.declared.dialect import SUFFIX, Declared
from badgateway.providers.declared.read import read_spec
from badgateway.providers.euler.dialect import Euler
from badgateway.providers.stripe.dialect import Stripe

# Providers that are described in one file each; a file is read when it is first asked something.
SHIPPED = tuple(
    Declared(path) for path in sorted((Path(__file__).parent / "declared/shipped").glob(f"*{SUFFIX}"))
)
DIALECTS: Catalogue[Dialect] = Catalogue("provider", (Stripe(), Adyen(), Euler(), *SHIPPED))


def declare(path: Path, name: str | None = None) -> Declared:
    """Add the provider of a user's own file, under its own name or another; raises InputError.

    The same file once more adds nothing.
    """
    made = Declared(path, name or read_spec(path).name)
    known = next((one for one in DIALECTS if isinstance(one, Declared) and one.is_same(made)), None)
    if known is not None:
        return known
    made.spec  # noqa: B018 - read at once, so that its problems are told before anything is played
    DIALECTS.add(made)
    return made

"""The table of request parameters in PARAMETERS.md: what is used, passed over, and refused by name.

Written anew by `python -m badgateway.providers.stripe.parameters`; a test keeps it current.
"""

from __future__ import annotations

from pathlib import Path

from badgateway.providers.stripe.call import Route
from badgateway.providers.stripe.left_out import LEFT_OUT
from badgateway.providers.stripe.params import kinds
from badgateway.providers.stripe.routes import ROUTES

PAGE = Path(__file__).with_name("PARAMETERS.md")
_HEAD = """# Request parameters

Made from `routes.py` and `shapes.py`. A parameter that is in no column is unknown, and refused as Stripe
refuses it. Whether all of the real API's parameters stand here is what `make conformance` checks.

- **used**: it does what it does at Stripe, or comes back as it was given.
- **passed over**: it is taken, and nothing here depends on it.
- **refused by name**: Stripe knows it; here it is an error that says so, because an answer without it
  would be wrong.

| address | used | passed over | refused by name |
|---|---|---|---|
"""


_LEFT_OUT = """
## Addresses that are left out

Stripe has them for these resources, the simulator has not. With the address each of its parameters is
refused, with status 404 and the reason.

| address | why |
|---|---|
"""


def parameters_text() -> str:
    """Give the page."""
    rows = "".join(f"{_row(route)}\n" for route in ROUTES)
    missing = "".join(f"| {method} {path} | {why} |\n" for (method, path), why in LEFT_OUT.items())
    return _HEAD + rows + _LEFT_OUT + missing


def _row(route: Route) -> str:
    known = kinds(route.shape)
    special = {"unused", "refused"}
    columns = (
        [name for name, kind in known.items() if kind not in special],
        [name for name, kind in known.items() if kind == "unused"],
        [name for name, kind in known.items() if kind == "refused"],
    )
    cells = (" ".join(f"`{name}`" for name in sorted(names)) for names in columns)
    return f"| {route.method} {route.pattern} | {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(parameters_text(), encoding="utf-8")

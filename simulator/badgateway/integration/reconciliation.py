"""The exceptions of a reconciliation: what the integration says does not agree, in our own words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from badgateway.ground.money import exponent
from badgateway.integration.client import Incoming
from badgateway.integration.model import ReconciliationPaths, ReconciliationRead
from badgateway.integration.paths import find
from badgateway.integration.settlement import amount_at, one_at, read_rows


def read_exceptions(paths: ReconciliationPaths, answer: Incoming) -> ReconciliationRead:
    """Read an answer of the reconciliation operation; what cannot be read is a problem in plain words."""
    try:
        rows = read_rows(paths.exceptions, answer, "exceptions", partial(_row, paths))
    except ValueError as error:
        return ReconciliationRead(is_readable=False, problem=str(error))
    shown = [name for name in ("owner", "remedy") if getattr(paths, name) is not None]
    return ReconciliationRead(rows, (*dict.fromkeys(paths.kinds.values()), *shown))


def _row(paths: ReconciliationPaths, row: Any) -> Mapping[str, Any]:
    raw, currency = one_at(paths.kind, row), one_at(paths.currency, row)
    if not isinstance(raw, str) or raw not in paths.kinds:
        raise ValueError(f"reconciliation.kinds does not say what {raw!r} is")
    if not isinstance(currency, str):
        raise ValueError(f"reconciliation.currency ({paths.currency}) finds no currency code")  # noqa: TRY004 - one family for callers
    currency = currency.upper()
    exponent(currency)  # refuses what is no currency
    made: dict[str, Any] = {
        "kind": paths.kinds[raw],
        "raw": raw,
        "references": [str(one) for one in find(paths.reference, row) if one is not None],
        "amount_minor": amount_at("reconciliation.amount", paths.amount, row, currency, paths.amounts),
        "currency": currency,
    }
    for name in ("owner", "remedy"):
        path = getattr(paths, name)
        if path is not None:
            made[name] = str(next((one for one in find(path, row) if one is not None), ""))
    return made

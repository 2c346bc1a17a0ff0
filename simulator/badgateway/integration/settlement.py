"""The settlement report: what the integration says about each payout, as integer minor units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from badgateway.ground.money import MINOR_MAX, exponent, to_minor
from badgateway.integration.client import Incoming
from badgateway.integration.model import SettlementPaths, SettlementRead
from badgateway.integration.paths import find

TERMS = ("captured", "refunded", "lost", "won", "fees", "adjusted")
ROWS_MAX = 1_000


def read_report(paths: SettlementPaths, answer: Incoming) -> SettlementRead:
    """Read an answer of the settlement operation; what cannot be read is a problem in plain words."""
    try:
        rows = read_rows(paths.payouts, answer, "payouts", partial(_row, paths))
    except ValueError as error:
        return SettlementRead(is_readable=False, problem=str(error))
    shown = [term for term in TERMS if getattr(paths, term) is not None]
    return SettlementRead(rows, (*shown, *(["exceptions"] if paths.exceptions else [])))


def read_rows(
    path: str, answer: Incoming, what: str, read: Callable[[Any], Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    """Read the rows of an answer, each by a reader; raises ValueError with what cannot be read."""
    if answer.problem is not None:
        raise ValueError(answer.problem)
    if answer.status is None or not 200 <= answer.status < 300:
        raise ValueError(f"HTTP {answer.status}")
    document = answer.document()
    if not isinstance(document, dict | list):
        raise ValueError("the answer is no JSON object")  # noqa: TRY004 - one family for callers
    found = find(path, document)
    if len(found) > ROWS_MAX:
        raise ValueError(f"more than {ROWS_MAX} {what}")
    return tuple(read(row) for row in found)


def _row(paths: SettlementPaths, row: Any) -> Mapping[str, Any]:
    if not isinstance(row, dict | list):
        raise ValueError(f"settlement.payouts ({paths.payouts}) finds what is no object")  # noqa: TRY004 - one family for callers
    currency = one_at(paths.currency, row)
    if not isinstance(currency, str):
        raise ValueError(f"settlement.currency ({paths.currency}) finds no currency code")  # noqa: TRY004 - as above
    currency = currency.upper()
    exponent(currency)  # refuses what is no currency
    made: dict[str, Any] = {
        "payout": str(one_at(paths.id, row)),
        "currency": currency,
    }
    for name in ("paid", *TERMS):
        path = getattr(paths, name)
        if path is not None:
            made[name] = amount_at(f"settlement.{name}", path, row, currency, paths.amounts)
    if paths.exceptions is not None:
        made["exceptions"] = len([one for one in find(paths.exceptions, row) if one is not None])
    return made


def amount_at(where: str, path: str, row: Any, currency: str, written: str) -> int:
    """Give an amount in minor units; `where` names the path in messages. Raises ValueError."""
    found = one_at(path, row)
    try:
        number = Decimal(found) if isinstance(found, str | int | Decimal) and found is not True else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number) > MINOR_MAX:
        raise ValueError(f"{where} ({path}) finds no amount of money")
    if written == "decimal":
        whole = abs(number).to_integral_value()
        plain = whole if abs(number) == whole else abs(number).normalize()
        return (-1 if number < 0 else 1) * to_minor(plain, currency)
    if number != number.to_integral_value():
        raise ValueError(f"{where} ({path}) finds {number}, but amounts are declared minor")
    return int(number)


def one_at(path: str, row: Any) -> Any:
    """Give the one thing that a path finds in a row; raises ValueError where it finds none or several."""
    found = find(path, row)
    if len(found) != 1:
        raise ValueError(f"{path} finds {len(found)} values in a row of the settlement, and one is due")
    return found[0]

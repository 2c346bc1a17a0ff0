"""Lists: newest first, in pages, narrowed by their creation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from badgateway.ground.chronicle import Series
from badgateway.providers.stripe.call import Call
from badgateway.providers.stripe.errors import Refused, invalid, no_such

SHAPE = "limit:integer starting_after ending_before created:created"
LIMIT, LIMIT_MAX = 10, 100

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list."""

    items: Sequence[Item]
    has_more: bool
    url: str

    def show(self, data: list[dict[str, Any]]) -> dict[str, Any]:
        """Give the list object over what the items look like."""
        return {"object": "list", "data": data, "has_more": self.has_more, "url": self.url}


def page_of(
    call: Call,
    oldest_first: Collection[Item],
    id_of: Callable[[Item], str],
    created_s: Callable[[Item], int],
    is_meant: Callable[[Item], bool] = lambda _: True,
    *,
    since_s: int | None = None,
    key_of: Callable[[str], str] = str,
) -> Page[Item]:
    """Give a page of records as they were made, reading a series no further than the page needs.

    `is_meant` says what is listed at all; older than `since_s` is nothing. `key_of` gives the series' key of
    a cursor. Raises Refused.
    """
    if not isinstance(oldest_first, Series):
        known = [one for one in oldest_first if is_meant(one) and created_s(one) >= (since_s or 0)]
        return page(call, known[::-1], id_of, created_s)
    limit, after, before = _asked(call)
    bounds = call.params.get("created") or {}
    oldest_s = max(bounds.get("gt", 0), bounds.get("gte", 0), since_s or 0)
    try:
        going_back = oldest_first.newest_first(key_of(after) if after else None)
        nearest = (
            oldest_first.oldest_first(key_of(before)) if before else _until(going_back, created_s, oldest_s)
        )
    except KeyError:
        cursor, param = (before, "ending_before") if before else (after, "starting_after")
        raise Refused(no_such("object", str(cursor), param)) from None
    meant = (one for one in nearest if is_meant(one) and created_s(one) >= oldest_s)
    found = list(islice((one for one in meant if _is_within(created_s(one), bounds)), limit + 1))
    items = found[:limit]
    return Page(items[::-1] if before else items, len(found) > limit, call.ask.path)


def _until(newest_first: Iterator[Item], created_s: Callable[[Item], int], oldest_s: int) -> Iterator[Item]:
    for one in newest_first:
        if created_s(one) < oldest_s:
            return
        yield one


def page(
    call: Call, newest_first: Sequence[Item], id_of: Callable[[Item], str], created_s: Callable[[Item], int]
) -> Page[Item]:
    """Give the page that the parameters ask for; raises Refused."""
    limit, after, before = _asked(call)
    # The cursor is looked up before the range, so that a page may begin at an object outside of it.
    if after:
        newest_first = newest_first[_place(newest_first, after, id_of, "starting_after") + 1 :]
    if before:
        newest_first = newest_first[: _place(newest_first, before, id_of, "ending_before")]
    bounds = call.params.get("created") or {}
    found = [item for item in newest_first if _is_within(created_s(item), bounds)]
    # Going back, the page that ends right before the cursor is wanted.
    items = found[-limit:] if before else found[:limit]
    return Page(items, len(found) > limit, call.ask.path)


def _asked(call: Call) -> tuple[int, str | None, str | None]:
    """Give how many are wanted, and behind or in front of which; raises Refused."""
    params = call.params
    limit = params.get("limit", LIMIT)
    if not 1 <= limit <= LIMIT_MAX:
        what = f"Invalid integer: limit is from 1 to {LIMIT_MAX}"
        raise Refused(invalid(what, "limit", "parameter_invalid_integer"))
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        what = "starting_after and ending_before exclude each other."
        raise Refused(invalid(what, "ending_before", "parameters_exclusive"))
    return min(limit, call.account.page_max or limit), after, before


def _place(items: Sequence[Item], wanted: str, id_of: Callable[[Item], str], param: str) -> int:
    for place, item in enumerate(items):
        if id_of(item) == wanted:
            return place
    raise Refused(no_such("object", wanted, param))


def _is_within(moment: int, bounds: dict[str, int]) -> bool:
    return (
        moment > bounds.get("gt", moment - 1)
        and moment >= bounds.get("gte", moment)
        and moment < bounds.get("lt", moment + 1)
        and moment <= bounds.get("lte", moment)
    )

"""Lists: newest first, in pages, narrowed by their creation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

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


def page(
    call: Call, newest_first: Sequence[Item], id_of: Callable[[Item], str], created_s: Callable[[Item], int]
) -> Page[Item]:
    """Give the page that the parameters ask for; raises Refused."""
    params = call.params
    limit = params.get("limit", LIMIT)
    if not 1 <= limit <= LIMIT_MAX:
        what = f"Invalid integer: limit is from 1 to {LIMIT_MAX}"
        raise Refused(invalid(what, "limit", "parameter_invalid_integer"))
    limit = min(limit, call.account.page_max or limit)
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        what = "starting_after and ending_before exclude each other."
        raise Refused(invalid(what, "ending_before", "parameters_exclusive"))
    # The cursor is looked up before the range, so that a page may begin at an object outside of it.
    if after:
        newest_first = newest_first[_place(newest_first, after, id_of, "starting_after") + 1 :]
    if before:
        newest_first = newest_first[: _place(newest_first, before, id_of, "ending_before")]
    found = [item for item in newest_first if _is_within(created_s(item), params.get("created") or {})]
    # Going back, the page that ends right before the cursor is wanted.
    items = found[-limit:] if before else found[:limit]
    return Page(items, len(found) > limit, call.ask.path)


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

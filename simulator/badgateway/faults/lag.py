"""The fault `lag`: what is read is behind the ledger, or comes page by page."""

from __future__ import annotations

from badgateway.faults.base import BEFORE_COMMIT, Effect, ErrorPage, Fault, Option, bare_page
from badgateway.ground.message import Reply


class Lag(Fault):
    """Answer a look with what was true before.

    On the wire: a whole and true answer of a moment ago, a 404 for what was not there then, or a short page.
    In the field: a read replica behind its primary, a search index that catches up, a list of many pages.
    Should hold: what is known is not forgotten for an older answer; a list is read to its last page.
    """

    name = "lag"
    phases = (BEFORE_COMMIT,)
    phase = BEFORE_COMMIT
    shapes_wire = False
    ops = ("fetch", "list")
    options = (
        Option(
            "behind",
            "integer",
            "how many of the newest changes it has not heard of; left out: 1, or 0 with `page`",
            minimum=0,
            maximum=100,
        ),
        Option("page", "integer", "how many items a page of a list holds at most", minimum=1, maximum=100),
    )
    remedy = (
        "Compare what you read with what you were told: an answer that is behind the event or your own books "
        "is old, so look again later and keep what you know. Follow a list to its end before you conclude "
        "that something is not there."
    )

    def objection(self) -> str | None:
        """Refuse a lag that would change nothing."""
        return "neither `behind` nor `page` asks for anything" if not self.behind and not self.page else None

    @property
    def behind(self) -> int:
        """Give how many changes the answer is behind."""
        stated = self.value("behind")
        return int(self.page is None) if stated is None else int(str(stated))

    @property
    def page(self) -> int | None:
        """Give how many items a page holds at most; None: as many as were asked for."""
        stated = self.value("page")
        return None if stated is None else int(str(stated))

    def strike(self, reply: Reply, page: ErrorPage = bare_page) -> Effect:  # noqa: ARG002 - true, but old
        """Leave the answer as it is: it was read before it was worded."""
        return Effect(reply, fault=self.name)

"""The fault `mutate`: the answer is the provider's, in the words of its next version."""

from __future__ import annotations

from badgateway.faults.base import AFTER_COMMIT, Effect, ErrorPage, Fault, Option, bare_page
from badgateway.ground.message import Reply
from badgateway.ground.mutation import ANYTHING, DRIFTS, KINDS, REWRITES, mutate
from badgateway.ground.records import changed


class Mutate(Fault):
    """Change one thing in the body of the answer.

    On the wire: the true answer, its status and headers, with one word, field or its bytes changed.
    In the field: a new value of an enum, a field that a version no longer sends, another JSON library.
    Should hold: what is new changes nothing; what misses its id or amount is no answer, and never a yes.
    """

    name = "mutate"
    phases = (AFTER_COMMIT,)
    options = (
        Option("kind", "choice", "what is changed", "extra_field", KINDS),
        Option("field", "text", "where: a word of the dialect such as status, or a path such as $.status"),
        Option("drift", "choice", "whether a reader copes; left out: as the dialect says", None, DRIFTS),
    )
    remedy = (
        "Read only the fields that you need, and take an unknown word for no news: keep what you know and "
        "look again later. Refuse what misses an id or an amount; the absence of an error is not a success."
    )

    def objection(self) -> str | None:
        """Refuse a place for what changes the whole body."""
        kind = str(self.value("kind"))
        is_placed = kind in REWRITES and self.value("field") not in {None, ANYTHING}
        return f"{kind!r} rewrites the whole body and takes no `field`" if is_placed else None

    def strike(self, reply: Reply, page: ErrorPage = bare_page) -> Effect:  # noqa: ARG002 - the answer stays
        """Change the body; where there is nothing to change, nothing was struck."""
        kind = str(self.value("kind"))
        drift = self.value("drift") or ("same" if kind in REWRITES else "compatible")
        found = mutate(reply.body, kind, str(self.value("field") or ANYTHING), str(drift))
        if found is None:
            return Effect(reply)
        return Effect(changed(reply, body=found.body), fault=self.name, mutation=found)

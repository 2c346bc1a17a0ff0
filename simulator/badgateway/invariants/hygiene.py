"""H1: what must stay secret is in nothing that the integration says."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, seqs
from badgateway.journal.history import History


class Hygiene(Invariant):
    """No card number, code or secret is in a log, an answer, a URL, a metric, a trace or a mail.

    H1. For every canary that was let in (typed into the checkout, told by the provider, given as a secret)
    and every place that was looked at: it does not stand there, plain, base64, URL-encoded or with its
    digits split; and the trap address, which stands in a forged webhook only, is asked by nobody.
    Masked numbers, last digits, tokens and order numbers are no canaries.
    """

    name = "hygiene"
    code = "H1"
    remedy = (
        "Log declared fields only, and take card numbers, codes and keys out in the one place through which "
        "every line goes. Send secrets in headers, never in URLs. Ask no address that came in with a "
        "request: pin the hosts that you fetch keys and certificates from."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Tell every canary that came out, once for each place."""
        planted = {one.data["mark"]: one for one in history.of_kind("run.canary")}
        breaches, told = [], set()
        for seen in history.of_kind("canary.seen"):
            what, place, form = (str(seen.data[name]) for name in ("canary", "place", "form"))
            if (what, place) in told:
                continue
            told.add((what, place))
            how = "" if form == "plain" else f" ({form})"
            sentence = f"the {what} stands in the integration's {place}{how}"
            if planted.get(seen.data["mark"], seen).data.get("kind") == "host":
                sentence = "an address that only a forged webhook names was asked by the integration"
            proof = seqs(planted.get(seen.data["mark"]), seen)
            breaches.append(Breach(None, sentence, proof, began=seen.seq))
        return Opinion(len(planted), tuple(breaches))

"""K1: what an integration asks of a provider is what the provider's document allows."""

from __future__ import annotations

from badgateway.invariants.base import Breach, Invariant, Opinion, seqs
from badgateway.journal.history import History


class ContractKept(Invariant):
    """Every request to a provider is one that the provider's OpenAPI document allows.

    K1. For every request to an operation of the document: its parameters are known, of their type and in
    their bounds, what is required is there, and the body is of a kind that is taken. What the provider
    answered, and what a story made of it, is not the integration's.
    """

    name = "contract_kept"
    code = "K1"
    remedy = (
        "Send what the provider's API reference names, under that name and in that type. Build requests "
        "with the provider's SDK, or check them against its OpenAPI document in your tests."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:  # noqa: ARG002 - judges one play
        """Count the requests that were held against the document, and tell those that did not fit."""
        tested = sum(entry.data["requests"] for entry in history.of_kind("contract.watched"))
        arrived = {entry.data["call"]: entry for entry in history.of_kind("call.arrived")}
        breaches = []
        for entry in history.of_kind("contract.broken"):
            if entry.data["party"] == "integration":
                sentence = (
                    f"{entry.data['where']} was asked with what it does not allow: {entry.data['problem']}"
                )
                proof = seqs(arrived.get(entry.data["call"]), entry)
                breaches.append(Breach(entry.order, sentence, proof))
        return Opinion(tested, tuple(breaches))

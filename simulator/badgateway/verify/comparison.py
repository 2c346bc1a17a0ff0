"""A pact compared with an OpenAPI document, offline: nothing is started, sent or fetched."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from badgateway.contract.document import Contract, read_contract
from badgateway.contract.overreach import Overreach
from badgateway.errors import InputError, Problem
from badgateway.ground.clock import monotonic_ms
from badgateway.verify.pacts import Pact, read_pact
from badgateway.verify.tried import PACT, Finding, Tried

BOUNDARY = "offline"  # in the table's first column


def compare(pact: Path, document: Path) -> Tried:
    """Compare every interaction of a pact with what a document promises; each difference is a finding.

    The document is the promise, so it is the consumer that asks for too much, sends too much or leaves out
    what is required. Raises InputError where either file cannot be used, or the pact is empty.
    """
    since = monotonic_ms()
    read, contract = _read(pact, document)
    names = _names(read)
    overreach = Overreach(contract)
    findings = tuple(
        finding
        for name, interaction in zip(names, read.interactions, strict=True)
        for finding in _findings(overreach, read.consumer, name, interaction)
    )
    again = f"badgateway verify --pact {shlex.quote(str(pact))} --against {shlex.quote(str(document))}"
    return Tried(
        BOUNDARY,
        PACT,
        read.consumer,
        f"{pact.name} against {document.name}",
        names,
        len(names),
        findings,
        again=again,
        real_ms=monotonic_ms() - since,
    )


def _read(pact: Path, document: Path) -> tuple[Pact, Contract]:
    """Read both files; raises InputError with the problems of both."""
    problems: list[Problem] = []
    read, contract = None, None
    try:
        read = read_pact(pact, is_distinct=False)
        if not read.interactions:
            mend = "run the consumer's tests that write it, or leave it out"
            problems.append(
                Problem(str(pact), 0, 0, "it holds no interaction: nothing would be compared", mend)
            )
    except InputError as error:
        problems += error.problems
    try:
        contract = read_contract(document)
    except InputError as error:
        problems += error.problems
    if problems or read is None or contract is None:
        raise InputError(problems)
    return read, contract


def _findings(
    overreach: Overreach, consumer: str, name: str, interaction: Mapping[str, Any]
) -> Iterator[Finding]:
    differences = overreach.differences(interaction)
    if differences is None:
        told = f"an interaction of the type {interaction['type']} is not compared: OpenAPI cannot describe it"
        yield Finding(name, None, (told,))
    for one in differences or ():
        yield Finding(name, consumer, (str(one),), one.way)


def _names(pact: Pact) -> tuple[str, ...]:
    """Give each interaction's description, with its states and number where another has the same."""
    found: list[str] = []
    told = [str(one["description"]) for one in pact.interactions]
    for n, (name, one) in enumerate(zip(told, pact.interactions, strict=True)):
        states = " and ".join(str(state["name"]) for state in one.get("providerStates") or ())
        longer = f"{name} ({states})" if told.count(name) > 1 and states else name
        found.append(f"{longer} (interaction {n + 1})" if longer in found else longer)
    return tuple(found)

"""Simulated providers held to their own OpenAPI documents, in a world in which nothing goes wrong."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from badgateway.errors import EnvironmentProblem
from badgateway.ground.artifacts import artifact_dir
from badgateway.ground.message import Request
from badgateway.ground.yaml12 import read_yaml
from badgateway.providers import DIALECTS
from badgateway.providers.declared.dialect import Declared
from badgateway.verify.fuzz import Effort, Terms, fuzz
from badgateway.verify.model import Fuzzing
from badgateway.verify.simulator import Simulator

API_KEY = "sk_test_verify"
_SUFFIX = ".openapi.yaml"
_INTERNAL = "internal"
_ORCHESTRATOR = "euler"  # whom the document of the internal boundary is about
_BASIC = base64.b64encode(f"{API_KEY}:".encode()).decode()
# Id of a declared provider's payment, after its prefix -> how it stands; as the documents' examples have it.
_STATES = MappingProxyType({"paid": "a payment is captured", "held": "a payment is authorized"})
_EURO = MappingProxyType({"amount_minor": 4999, "currency": "EUR"})


@dataclass(frozen=True, slots=True)
class Held:
    """How one provider is held to its document: its terms, and the states that the examples speak of.

    Where every request names something of our account, `own` says what: nothing generated could guess it.
    `unsent` are shared parameters that the tool leaves out: it would send one idempotency key with thousands
    of requests, and the first of them would have all others refused unread.
    """

    terms: Terms
    states: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    served_at: str = ""  # with which its addresses begin, as the document's server has it
    # Schema -> the one value that our account has for it.
    own: Mapping[str, str] = field(default_factory=dict)
    unsent: tuple[str, ...] = ()


HELD: Mapping[str, Held] = MappingProxyType(
    {
        "stripe": Held(
            Terms(
                # Whether an id exists, which currency has which amounts and what excludes what is no matter
                # of a form's schema, and Stripe answers 400 to all of it.
                refuses=True,
                # Stripe answers 404 to a method that an address does not have.
                passed_over=("unsupported_method",),
                headers={"Authorization": f"Bearer {API_KEY}"},
                is_stateful=True,
            ),
            (
                ("a payment is captured", {"id": "pi_paid", **_EURO}),
                ("a payment is authorized", {"id": "pi_held", **_EURO}),
                ("a payment is open", {"id": "pi_open", **_EURO}),
                ("a payment is open", {"id": "pi_idle", **_EURO}),
                ("a payment is captured", {"id": "pi_disputed", **_EURO}),
                ("a payment is refunded", {"id": "re_paid", "payment_id": "pi_paid", "amount_minor": 500}),
                (
                    "a payment is disputed",
                    {"id": "dp_open", "payment_id": "pi_disputed", "amount_minor": 500},
                ),
            ),
            unsent=("IdempotencyKey",),
        ),
        "adyen": Held(
            Terms(headers={"X-API-Key": API_KEY}, is_stateful=True),
            (
                ("a payment is captured", {"id": "PAIDPAIDPAIDPAID", **_EURO}),
                ("a payment is captured", {"id": "BACKBACKBACKBACK", **_EURO}),
                ("a payment is authorized", {"id": "HELDHELDHELDHELD", **_EURO}),
                ("a payment is authorized", {"id": "IDLEIDLEIDLEIDLE", **_EURO}),
                ("a payment is authorized", {"id": "MOREMOREMOREMORE", **_EURO}),
            ),
            served_at="/v71",
            own={"MerchantAccount": DIALECTS["adyen"].settings("", API_KEY, "")["merchant_account"]},
            unsent=("IdempotencyKey",),
        ),
        "euler": Held(
            Terms(
                # Which orders there are, and what may be done to them, is refused with 400 as well.
                refuses=True,
                headers={"Authorization": f"Basic {_BASIC}"},
                is_stateful=True,
            ),
            (
                ("a payment is captured", {"id": "orderpaid", **_EURO}),
                ("a payment is authorized", {"id": "orderheld", **_EURO}),
                ("a payment is authorized", {"id": "orderidle", **_EURO}),
                ("a payment is open", {"id": "orderopen", **_EURO}),
            ),
            served_at="/euler",
            own={"MerchantName": DIALECTS["euler"].settings("", API_KEY, "")["merchant_id"]},
        ),
    }
)


# Which payments there are, and which amounts and states they have, no document made of a file can say; fields
# that it does not name are passed over, and another method is an address that is not there.
_UNSAID = ("positive_data_acceptance", "negative_data_rejection", "unsupported_method")


def held_of(provider: str) -> Held:
    """Give the terms on which a provider is held to its document; raises EnvironmentProblem."""
    if provider in HELD:
        return HELD[provider]
    dialect = {one.name: one for one in DIALECTS}.get(provider)
    if not isinstance(dialect, Declared):
        raise EnvironmentProblem(f"no terms are known for the provider {provider!r}")
    shown = dialect.recalled(Request("GET", "/"), API_KEY)
    return Held(
        Terms(passed_over=_UNSAID, headers=dict(shown.headers)),
        tuple(
            (state, {"id": f"{dialect.spec.prefix('payment')}{word}", **_EURO})
            for word, state in _STATES.items()
        ),
        served_at=f"/{provider}",
    )


def provider_documents() -> tuple[Path, ...]:
    """Give the OpenAPI documents of the simulated providers, each named for its provider."""
    return tuple(sorted((artifact_dir("specs") / "providers").glob(f"*{_SUFFIX}")))


def internal_document() -> Path:
    """Give the OpenAPI document of the internal boundary, as the simulated orchestrator promises it."""
    return artifact_dir("specs") / f"{_INTERNAL}{_SUFFIX}"


def provider_of(document: Path) -> str:
    """Name the provider that a document describes."""
    name = document.name.removesuffix(_SUFFIX)
    return _ORCHESTRATOR if name == _INTERNAL else name


async def verify_dialect(document: Path, effort: Effort) -> Fuzzing:
    """Hold one simulated provider to its document.

    Raises InputError where the document cannot be read, EnvironmentProblem where the tool does not run or
    nobody has said on which terms the provider is held.
    """
    provider = provider_of(document)
    held = held_of(provider)
    async with Simulator(provider) as simulator:
        prepare(simulator, held)
        url = f"{simulator.url}{held.served_at}"
        with tempfile.TemporaryDirectory(prefix="badgateway-verify-") as folder:
            of_account = narrowed(document, held, Path(folder))
            return await fuzz(of_account, url, party=provider, effort=effort, terms=held.terms)


def narrowed(document: Path, held: Held, folder: Path) -> Path:
    """Give a copy of a document as far as the tool is to try it, or itself where that is all of it."""
    if not (held.own or held.unsent) or not document.is_file():
        return document
    made = read_yaml(document.read_text(encoding="utf-8"), document.name).value
    made["components"]["schemas"].update({name: {"const": value} for name, value in held.own.items()})
    unsent = [{"$ref": f"#/components/parameters/{name}"} for name in held.unsent]
    for item in made["paths"].values():
        for operation in (one for one in item.values() if isinstance(one, dict)):
            rows = operation.get("parameters", ())
            operation["parameters"] = [row for row in rows if row not in unsent]
    path = folder / document.name
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def prepare(simulator: Simulator, held: Held) -> None:
    """Open the account and bring about what the document's examples speak of."""
    simulator.open_account(API_KEY)
    for text, params in held.states:
        simulator.reach(text, dict(params))

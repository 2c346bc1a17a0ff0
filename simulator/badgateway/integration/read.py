"""Reading badgateway.yaml: every problem at once with its place, or a Description."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from badgateway.errors import InputError
from badgateway.ground.duration import to_ms
from badgateway.ground.shape import check_shape
from badgateway.ground.yaml12 import read_yaml, text_of
from badgateway.integration.checks import check_meaning
from badgateway.integration.contracts import read_contracts, read_states
from badgateway.integration.fields import make_schema
from badgateway.integration.model import (
    Declares,
    Description,
    EffectDoor,
    Merchant,
    Next,
    Ready,
    ReconciliationPaths,
    RequestTemplate,
    SettlementPaths,
    Start,
    TransitionPaths,
    ViewPaths,
    WebhookTarget,
)

_DURATIONS = (
    "deadline",
    "webhook_lag",
    "refund_time",
    "retry_base",
    "retry_cap",
    "poll_interval",
    "recovery",
    "signature_tolerance",
    "background",
    "expiry",
)


def read_description(path: Path, settings: Collection[str] = ()) -> Description:
    """Read a badgateway.yaml; raises InputError with all its problems.

    `settings` are the provider settings that start templates may name, such as stripe.url; without them
    every provider's url, api_key and webhook_secret are let through.
    """
    file = path.as_posix()
    document = read_yaml(text_of(path, "`badgateway init` writes one"), file)
    problems = [*check_shape(document, make_schema()), *check_meaning(document, settings)]
    if problems:
        raise InputError(problems)
    return _description(document.value, path.resolve().parent)


def _description(value: Mapping[str, Any], folder: Path) -> Description:
    return Description(
        name=value["name"],
        base_url=value["base_url"].rstrip("/"),
        start=_start(value["start"]) if "start" in value else None,
        operations={name: _operation(given) for name, given in value["operations"].items()},
        view=ViewPaths(**value["view"]),
        statuses=dict(value["statuses"]),
        settlement=SettlementPaths(**value["settlement"]) if "settlement" in value else None,
        reconciliation=ReconciliationPaths(**value["reconciliation"]) if "reconciliation" in value else None,
        webhooks=tuple(_webhook(provider, given) for provider, given in value.get("webhooks", {}).items()),
        effects=tuple(_effect(name, given) for name, given in value.get("effects", {}).items()),
        logs=tuple(value.get("logs", ())),
        metrics=value.get("metrics"),
        counters=dict(value.get("counters", {})),
        transitions=TransitionPaths(**value["transitions"]) if "transitions" in value else None,
        declares=_declares(value.get("declares", {})),
        folder=str(folder),
        allowed_hosts=tuple(value.get("allow_hosts", ())),
        providers=dict(value.get("providers", {})),
        merchants=tuple(_merchant(name, given) for name, given in value.get("merchants", {}).items()),
        contracts=read_contracts(value.get("contracts", {})),
        states=read_states(value.get("states", {})),
    )


def _start(given: Mapping[str, Any]) -> Start:
    ready = dict(given.get("ready", {}))
    if "within" in ready:
        ready["within_ms"] = to_ms(ready.pop("within"))
    return Start(
        command=tuple(given["command"]),
        env=_texts(given.get("env", {})),
        cwd=given.get("cwd", "."),
        ready=Ready(**ready),
        next=_next(given["next"]) if "next" in given else None,
        attach=(said,) if isinstance(said := given.get("attach", ()), str) else tuple(said),
    )


def _next(given: Mapping[str, Any]) -> Next:
    return Next(tuple(given.get("command", ())), _texts(given.get("env", {})))


def _operation(given: Mapping[str, Any]) -> RequestTemplate:
    method, _, path = given["request"].partition(" ")
    return RequestTemplate(
        method=method,
        path=path,
        headers=_texts(given.get("headers", {})),
        json=_plain(given.get("json")),
        form=_texts(given["form"]) if "form" in given else None,
        outcomes={outcome: tuple(statuses) for outcome, statuses in given.get("outcomes", {}).items()},
        capture=dict(given.get("capture", {})),
    )


def _webhook(provider: str, given: Mapping[str, Any]) -> WebhookTarget:
    return WebhookTarget(provider, given["path"])


def _merchant(name: str, given: Mapping[str, Any]) -> Merchant:
    return Merchant(
        name,
        is_live=given.get("mode") == "live",
        through=given.get("through"),
        providers=tuple(given.get("providers", ())),
        routing=tuple(given.get("routing", ())),
        currencies=tuple(given.get("currencies", ())),
        capture=given.get("capture"),
    )


def _effect(name: str, given: Mapping[str, Any]) -> EffectDoor:
    method, _, path = given["at"].partition(" ")
    return EffectDoor(name, method, path, **{key: item for key, item in given.items() if key != "at"})


def _declares(given: Mapping[str, Any]) -> Declares:
    values = {key: item for key, item in given.items() if key not in _DURATIONS}
    values |= {f"{key}_ms": to_ms(given[key]) for key in _DURATIONS if key in given}
    breaker = values.pop("breaker", None)
    if breaker is not None:
        values |= {"breaker_failures": breaker["failures"], "breaker_pause_ms": to_ms(breaker["pause"])}
    if "once" in values:
        values["once"] = tuple(values["once"])
    return Declares(**values)


def _texts(given: Mapping[str, Any]) -> dict[str, str]:
    # A number or true in env or a form is written as YAML shows it.
    return {key: str(item).lower() if isinstance(item, bool) else str(item) for key, item in given.items()}


def _plain(value: Any) -> Any:
    """Turn a YAML value into JSON; a decimal stands in a template as its writer wrote it."""
    match value:
        case Decimal():
            return float(value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case _:
            return value

"""What a badgateway.yaml of good shape may still have wrong: names, paths, hosts, words that do not fit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from badgateway.errors import Problem, nearest
from badgateway.ground.yaml12 import Document, Path
from badgateway.integration import template
from badgateway.integration.paths import PathError, check_path
from badgateway.integration.template import TemplateError

_ALLOW = "name it under allow_hosts if that is meant"


def check_meaning(document: Document, settings: Collection[str] = ()) -> list[Problem]:
    """Give every problem beyond the shape; `settings` are the known provider settings, such as stripe.url."""
    checker = _Checker(document, settings)
    return sorted({*checker.templates(), *checker.json_paths(), *checker.hosts(), *checker.words()})


def is_loopback(host: str | None) -> bool:
    """Say whether a host is this machine."""
    if host is None:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


class _Checker:
    """Walks one document whose shape is right."""

    def __init__(self, document: Document, settings: Collection[str]) -> None:
        self.document, self.value, self.settings = document, document.value, settings
        self.allowed = set(self.value.get("allow_hosts", ()))

    def templates(self) -> Iterator[Problem]:
        """Check the names that templates use."""
        start = self.value.get("start", {})
        for key in ("command", "env", "cwd"):
            for path, text in template.texts(start.get(key), ("start", key)):
                yield from self._names(path, text, template.START_NAMES, is_start=True)
        for path, text in template.texts(self.value.get("logs"), ("logs",)):
            yield from self._names(path, text, template.START_NAMES, is_start=True)
        yield from self._names(("base_url",), self.value["base_url"], (template.PORT,))
        for provider, target in self.value.get("webhooks", {}).items():
            yield from self._names(("webhooks", provider, "path"), target["path"], (template.PORT,))
        captured = {
            template.CAPTURED + name
            for operation in self.value["operations"].values()
            for name in operation.get("capture", ())
        }
        known = (*template.ORDER_NAMES, template.PORT, *sorted(captured))
        for name, operation in self.value["operations"].items():
            for key in ("request", "headers", "json", "form"):
                for path, text in template.texts(operation.get(key), ("operations", name, key)):
                    yield from self._names(path, text, known)

    def _names(
        self, path: Path, text: str, known: Collection[str], *, is_start: bool = False
    ) -> Iterator[Problem]:
        try:
            used = template.names(text)
        except TemplateError as error:
            yield self.document.problem(path, str(error))
            return
        for name in used:
            if name in known or (is_start and self._is_setting(name)):
                continue
            words = (*known, *(self.settings or self._likely_settings(name))) if is_start else known
            yield self.document.problem(path, template.unknown_name(name, words))

    def _is_setting(self, name: str) -> bool:
        if self.settings:
            return name in self.settings
        return re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", name) is not None and (
            name.partition(".")[2] in template.SETTINGS
        )

    def _likely_settings(self, name: str) -> list[str]:
        provider = (
            name.partition(".")[0] if "." in name else next(iter(self.value.get("webhooks", ())), "stripe")
        )
        return [f"{provider}.{setting}" for setting in template.SETTINGS]

    def json_paths(self) -> Iterator[Problem]:
        """Check every JSONPath."""
        places: list[Path] = [("view", key) for key in ("status", "paid", "refunded", "currency", "refs")]
        places += [("view", "effects", name) for name in self.value["view"].get("effects", ())]
        for name, operation in self.value["operations"].items():
            places += [("operations", name, "capture", word) for word in operation.get("capture", ())]
        for path in places:
            text = self._at(path)
            if text is not None:
                try:
                    check_path(text)
                except PathError as error:
                    yield self.document.problem(
                        path, f"{text!r} is {error}" if str(error).startswith("not") else str(error)
                    )

    def hosts(self) -> Iterator[Problem]:
        """Check that requests go to this machine, or where it is allowed."""
        base = self.value["base_url"]
        yield from self._host(("base_url",), base)
        if "start" not in self.value and "{port}" in base:
            yield self.document.problem(
                ("base_url",),
                "{port} is known only for a process that badgateway starts",
                "write the port, or describe start",
            )
        if "start" in self.value and "{port}" not in base:
            yield self.document.problem(
                ("base_url",),
                "{port} is missing",
                "badgateway chooses a free port for each copy that it starts",
            )
        for name, operation in self.value["operations"].items():
            yield from self._host(("operations", name, "request"), operation["request"].partition(" ")[2])
        for provider, target in self.value.get("webhooks", {}).items():
            yield from self._host(("webhooks", provider, "path"), target["path"])

    def _host(self, path: Path, url: str) -> Iterator[Problem]:
        if url.startswith("/"):
            return
        try:
            parts = urlsplit(url.replace("{port}", "1"))
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            yield self.document.problem(path, f"not a URL: {error}")
            return
        if "@" in parts.netloc:
            yield self.document.problem(path, "a URL holds no user and password", "send them as a header")
        elif not is_loopback(host) and host not in self.allowed:
            yield self.document.problem(path, f"host {host!r} is not this machine", _ALLOW)

    def words(self) -> Iterator[Problem]:
        """Check words that must fit to others of the file."""
        view = self.value["view"]
        effects = view.get("effects", {})
        for index, name in enumerate(self.value.get("declares", {}).get("once", ())):
            if name not in effects:
                what = f"{name!r} is no effect of the view" + nearest(name, effects)
                yield self.document.problem(
                    ("declares", "once", index), what, "" if effects else "name it under view.effects"
                )
        for operation, described in self.value["operations"].items():
            yield from self._outcomes(operation, described.get("outcomes", {}))

    def _outcomes(self, operation: str, outcomes: Any) -> Iterator[Problem]:
        first: dict[int, str] = {}
        for outcome, statuses in outcomes.items():
            for index, status in enumerate(statuses):
                if first.setdefault(status, outcome) != outcome:
                    path = ("operations", operation, "outcomes", outcome, index)
                    yield self.document.problem(path, f"{status} means {first[status]} already")

    def _at(self, path: Path) -> Any:
        value = self.value
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return value

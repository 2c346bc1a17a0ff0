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
from badgateway.integration.exposition import read_series
from badgateway.integration.paths import PathError, check_path
from badgateway.integration.template import TemplateError

_ALLOW = "name it under allow_hosts if that is meant"


def check_meaning(document: Document, settings: Collection[str] = ()) -> list[Problem]:
    """Give every problem beyond the shape; `settings` are the known provider settings, such as stripe.url."""
    checker = _Checker(document, settings)
    told = (
        *(checker.templates(), checker.json_paths(), checker.hosts(), checker.words(), checker.counters()),
        checker.report(),
    )
    return sorted({problem for problems in told for problem in problems})


def is_loopback(host: str | None) -> bool:
    """Say whether a host is this machine."""
    if host is None:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _settings_of(provider: str) -> tuple[str, ...]:
    return (*template.SETTINGS, *template.OWN_SETTINGS.get(provider, ()))


class _Checker:
    """Walks one document and passes over wrong shapes, so that both kinds of problem are told at once."""

    def __init__(self, document: Document, settings: Collection[str]) -> None:
        self.document, self.settings = document, settings
        self.allowed = {host for host in self._list("allow_hosts") if isinstance(host, str)}

    def templates(self) -> Iterator[Problem]:
        """Check the names that templates use."""
        started: list[Path] = [("start", name) for name in ("command", "env", "cwd")]
        started += [("start", "next", "command"), ("start", "next", "env"), ("logs",)]
        for place in started:
            for path, text in template.texts(self._at(place), place):
                yield from self._names(path, text, template.START_NAMES, is_start=True)
        places: list[Path] = [("base_url",), ("start", "ready", "path"), ("metrics",)]
        for place in places:
            yield from self._names(place, self._text(*place), (template.PORT,))
        merchant = (template.MERCHANT,) if self._mapping("merchants") else ()
        for provider in self._mapping("webhooks"):
            path = ("webhooks", provider, "path")
            yield from self._names(path, self._text(*path), (template.PORT, *merchant))
        operations = self._mapping("operations")
        captured = sorted(
            template.CAPTURED + word
            for name in operations
            for word in self._mapping("operations", name, "capture")
        )
        known = (*template.ORDER_NAMES, *template.CLOCK_NAMES, template.PORT, *captured)
        if merchant:
            known = (*known, template.ORDER_MERCHANT)
        for name in operations:
            for key in ("request", "headers", "json", "form"):
                body: Path = ("operations", name, key)
                for path, text in template.texts(self._at(body), body):
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
        if "." not in name:
            return False
        provider, *merchant, setting = name.split(".")
        is_known = not merchant or (len(merchant) == 1 and merchant[0] in self._mapping("merchants"))
        is_word = re.fullmatch("[a-z][a-z0-9_]*", provider) is not None
        # What a provider of the user's own file is told besides, that file says.
        is_own = (
            provider in self._mapping("providers") and re.fullmatch("[a-z][a-z0-9_]*", setting) is not None
        )
        return is_word and is_known and (is_own or setting in _settings_of(provider))

    def _likely_settings(self, name: str) -> list[str]:
        likely = next(iter(self._mapping("webhooks")), "stripe")
        provider = name.partition(".")[0] if "." in name else likely
        return [f"{provider}.{setting}" for setting in _settings_of(provider)]

    def json_paths(self) -> Iterator[Problem]:
        """Check every JSONPath."""
        places: list[Path] = [("view", key) for key in ("status", "paid", "refunded", "currency", "refs")]
        places += [("view", "effects", name) for name in self._mapping("view", "effects")]
        places += [("settlement", key) for key in self._mapping("settlement") if key != "amounts"]
        shown = [key for key in self._mapping("reconciliation") if key not in {"amounts", "kinds"}]
        places += [("reconciliation", key) for key in shown]
        places += [("transitions", key) for key in self._mapping("transitions")]
        for name in self._mapping("effects"):
            places += [("effects", name, key) for key in ("order", "key")]
        for name in self._mapping("operations"):
            places += [
                ("operations", name, "capture", word) for word in self._mapping("operations", name, "capture")
            ]
        for path in places:
            text = self._text(*path)
            # What does not begin with $ is told by the schema.
            if text.startswith("$"):
                try:
                    check_path(text)
                except PathError as error:
                    yield self.document.problem(path, f"{text!r} is {error}")

    def hosts(self) -> Iterator[Problem]:
        """Check that requests go to this machine, or where it is allowed."""
        base, is_started = self._text("base_url"), bool(self._mapping("start"))
        if base and is_started != ("{port}" in base):
            yield self.document.problem(
                ("base_url",),
                "{port} is missing"
                if is_started
                else "{port} is known only for a process that badgateway starts",
                "badgateway chooses a free port for each copy that it starts"
                if is_started
                else "write the port, or describe start",
            )
        places: list[Path] = [("base_url",), ("start", "ready", "path"), ("metrics",)]
        places += [("webhooks", provider, "path") for provider in self._mapping("webhooks")]
        for place in places:
            yield from self._host(place, self._text(*place))
        for name in self._mapping("operations"):
            request = ("operations", name, "request")
            yield from self._host(request, self._text(*request).partition(" ")[2])

    def _host(self, path: Path, url: str) -> Iterator[Problem]:
        if "://" not in url:
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

    def counters(self) -> Iterator[Problem]:
        """Check the series that counters are read from."""
        named = self._mapping("counters")
        if named and not self._text("metrics"):
            mend = "say `metrics: /metrics`"
            yield self.document.problem(("counters",), "no metrics to read them from", mend)
        for name in named:
            try:
                read_series(self._text("counters", name) or "not_text")
            except ValueError as error:
                yield self.document.problem(("counters", name), str(error))

    def report(self) -> Iterator[Problem]:
        """Check that settlement report and reconciliation are both asked for and described."""
        for name, asks in (("settlement", "the settlement report"), ("reconciliation", "the reconciliation")):
            is_asked, is_shown = name in self._mapping("operations"), bool(self._mapping(name))
            if is_asked and not is_shown:
                what = "nothing says where its answer shows what"
                yield self.document.problem(("operations", name), what, f"describe {name}")
            if is_shown and not is_asked:
                what = f"no operation asks for {asks}"
                yield self.document.problem((name,), what, f"describe operations.{name}")

    def words(self) -> Iterator[Problem]:
        """Check words that must fit to others of the file."""
        effects = {**self._mapping("view", "effects"), **self._mapping("effects")}
        for index, name in enumerate(self._list("declares", "once")):
            if isinstance(name, str) and name not in effects:
                what = f"{name!r} is no effect of the view or the sink{nearest(name, effects)}"
                mend = "" if effects else "name it under view.effects or effects"
                yield self.document.problem(("declares", "once", index), what, mend)
        if self._text("declares", "expiry") and "{clock." not in repr(self._mapping("operations")):
            what = "no operation says what time it is, so that an `advance` never makes an order expire"
            mend = "name {clock.now} in the request of sync, as a parameter or a header"
            yield self.document.problem(("declares", "expiry"), what, mend)
        yield from self._merchants()
        for operation in self._mapping("operations"):
            first: dict[Any, str] = {}
            place = ("operations", operation, "outcomes")
            for outcome in self._mapping(*place):
                for index, status in enumerate(self._list(*place, outcome)):
                    if isinstance(status, int) and first.setdefault(status, outcome) != outcome:
                        what = f"{status} means {first[status]} already"
                        yield self.document.problem((*place, outcome, index), what, "keep one of the two")

    def _merchants(self) -> Iterator[Problem]:
        merchants = self._mapping("merchants")
        for name in merchants:
            through = self._text("merchants", name, "through")
            if through and (through == name or through not in merchants):
                near = nearest(through, [one for one in merchants if one != name])
                what = f"{through!r} is no other merchant{near}"
                yield self.document.problem(("merchants", name, "through"), what)
            accounts = self._list("merchants", name, "providers")
            for index, one in enumerate(self._list("merchants", name, "routing")):
                if accounts and one not in accounts:
                    what = f"merchant {name} has no account at {one!r}{nearest(str(one), accounts)}"
                    yield self.document.problem(("merchants", name, "routing", index), what)

    def _at(self, path: Path) -> Any:
        value = self.document.value
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def _mapping(self, *path: str) -> dict[str, Any]:
        value = self._at(path)
        return value if isinstance(value, dict) else {}

    def _list(self, *path: str) -> list[Any]:
        value = self._at(path)
        return value if isinstance(value, list) else []

    def _text(self, *path: str | int) -> str:
        value = self._at(path)
        return value if isinstance(value, str) else ""
